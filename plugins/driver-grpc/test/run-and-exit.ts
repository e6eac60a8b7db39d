import driver from '../src/index.ts'
import { open } from './context.ts'
import { send } from './slot.ts'

// Opens connections that are used, unused and failed, closes them, and has nothing left to do.

const loopback = await driver.loopback!({})
const dying = await driver.loopback!({ delayMs: 60_000 })
const opened = await Promise.all([
  open(loopback.target),
  open(loopback.target, {}, { workload: 'stream' }),
  open(loopback.target, {}, { workload: 'json' }),
  open(dying.target),
])
const [unary, stream, json, failed] = opened
for (const { connection } of [unary, stream, json])
  await Promise.all(Array.from({ length: connection.streams! }, () => send(connection)))
const failure = send(failed.connection).catch((error: unknown) => error)
// it must have arrived before it can be lost
await new Promise((resolve) => {
  setTimeout(resolve, 100)
})
await dying.close()
const { code } = (await failure) as { code?: string }
for (const { connection } of opened) await connection.close()
await loopback.close()
process.on('exit', () => {
  process.stdout.write(`failed with ${code}, left: ${process.getActiveResourcesInfo().join()}`)
})
