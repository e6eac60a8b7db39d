import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { open } from './context.ts'
import { send } from './slot.ts'

// Opens connections that are used, unused and failed, closes them, and has nothing left to do.

const server: Server = createServer((request, response) => {
  if (request.url === '/die') request.socket.destroy()
  else response.end('ok')
})
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})
const target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const [unused, used, failed] = await Promise.all([
  open(target),
  open(target, { pipelining: 4 }),
  open(target, { path: '/die' }),
])
await Promise.all(Array.from({ length: 8 }, () => send(used.connection)))
const failure = await send(failed.connection).catch((error: unknown) => error)
for (const { connection } of [unused, used, failed]) await connection.close()
// the server is in the way only with connections that are still open
server.close()
process.on('exit', () => {
  process.stdout.write(
    `failed with ${(failure as { code?: string }).code}, left: ${process.getActiveResourcesInfo().join()}`,
  )
})
