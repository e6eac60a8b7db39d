import driver from '../src/index.ts'

// The server of bench/issue.ts, in a process of its own: `node bench/server.ts`, ended by a closed channel.

const { target } = await driver.loopback!({})
process.on('disconnect', () => process.exit(0))
process.send!(target)
