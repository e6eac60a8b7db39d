import driver from '../src/index.ts'

// The server of bench/issue.ts, in a process of its own, which ends with its channel.

const { target } = await driver.loopback!({})
process.on('disconnect', () => process.exit(0))
process.send!(target)
