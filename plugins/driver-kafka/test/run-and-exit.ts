import driver from '../src/index.ts'
import { createFlow } from './flow.ts'
import { send } from './send.ts'

// A loopback that was used and closed, and connections that were closed, leave nothing that keeps the process alive.

const { target, close } = await driver.loopback!({})
const closers: (() => void | Promise<void>)[] = []
const names: string[] = []
for (const workload of ['produce', 'consume', 'roundtrip'] as const) {
  const flow = createFlow(target, { topic: workload }, workload, (closer) => closers.push(closer))
  await flow.prepare()
  names.push((await send(await flow.open())).name)
}
for (const closer of closers) await closer()
await close()
process.on('exit', () => {
  process.stdout.write(`${names.join()}, left: ${process.getActiveResourcesInfo().join()}`)
})
