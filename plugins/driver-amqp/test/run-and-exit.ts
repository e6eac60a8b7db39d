import driver from '../src/index.ts'
import { countOf, createFlow, sendAll } from './flow.ts'

// Opens connections that are used and unused, closes them, and has nothing left to do.

const { target, close } = await driver.loopback!({})
const closers: (() => void | Promise<void>)[] = []
const flow = createFlow(target, { pipelining: 4 }, {}, (closer) => closers.push(closer))
await flow.prepare()
const [used] = await Promise.all([flow.open(0, 2), flow.open(1, 2)])
const counts = countOf(await sendAll(used, 50))
await flow.audit()
for (const closer of closers) await closer()
await flow.cleanup()
await close()
process.on('exit', () => {
  process.stdout.write(`received ${counts['received']}, left: ${process.getActiveResourcesInfo().join()}`)
})
