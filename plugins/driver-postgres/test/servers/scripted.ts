import { createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Replies, as text in latin1. */
export const replies = {
  greeting: 'R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I',
  prepared: 'C\0\0\0\u000cPREPARE\0Z\0\0\0\u0005I',
  noRow: '2\0\0\0\u0004C\0\0\0\u000dSELECT 0\0Z\0\0\0\u0005I',
} as const

/** A server that does what the test says with every socket. */
export async function scriptedServer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `postgres://bench:S3cret@127.0.0.1:${(server.address() as AddressInfo).port}/bench`
}
