import { connect, type Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { LightSocket } from './light-socket.ts'

/** One for all connections of a process: every read is copied out of it before the next one. */
const readBuffer = Buffer.allocUnsafeSlow(65_536)

/** Opens plain TCP connections for undici, in the form of light sockets. */
export function lightConnector(timeoutMs: number): buildConnector.connector {
  return ({ hostname, port }, callback) => {
    let light: LightSocket | undefined
    const socket = connect({
      host: hostname,
      port: Number(port) || 80,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
      onread: {
        buffer: readBuffer,
        // nothing is read before the connection is open
        callback: (length, buffer) => light!.receive(length, buffer),
      },
    })
    const timer = setTimeout(() => {
      socket.destroy(timeoutError(timeoutMs))
    }, timeoutMs)
    const onError = (error: Error): void => {
      clearTimeout(timer)
      callback(error, null)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      light = new LightSocket(socket)
      // undici uses what a light socket has, and nothing else of a socket
      callback(null, light as unknown as Socket)
    })
  }
}

function timeoutError(timeoutMs: number): Error {
  return Object.assign(new Error(`no connection within ${timeoutMs} ms`), { code: 'ETIMEDOUT' })
}
