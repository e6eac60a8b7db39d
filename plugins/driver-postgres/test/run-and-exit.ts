import { createFlow, send } from './flow.ts'
import driver from '../src/index.ts'

// A loopback that was used and closed leaves nothing that keeps the process alive.

const { target, close } = await driver.loopback!({})
const closers: (() => void | Promise<void>)[] = []
const flow = createFlow('read', target, { rows: 10 }, (closer) => closers.push(closer))
await flow.prepare()
const { name } = await send(await flow.open())
for (const closer of closers) await closer()
await close()
process.on('exit', () => {
  process.stdout.write(`read a ${name}, left: ${process.getActiveResourcesInfo().join()}`)
})
