import { connect, type Socket } from 'node:net'
import { formatDuration } from '@cloudbench/core/text'
import type { buildConnector } from 'undici'
import { errorWithCode } from '../connect/errors.ts'
import { readBuffer } from '../socket/shared-read.ts'
import { UndiciSocket } from './socket.ts'

/** Where connections go instead of the host and port of their origin. */
export type Detour = { readonly path: string } | { readonly host: string; readonly port: number }

/** Opens plain TCP connections for undici, in the form of sockets that cost less. */
export function plainConnector(timeoutMs: number, detour?: Detour): buildConnector.connector {
  return ({ hostname, port }, callback) => {
    let light: UndiciSocket | undefined
    const socket = connect({
      ...(detour ?? { host: hostname, port: Number(port) || 80 }),
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
      socket.destroy(errorWithCode('ETIMEDOUT', `no connection within ${formatDuration(timeoutMs)}`))
    }, timeoutMs)
    const onError = (error: Error): void => {
      clearTimeout(timer)
      callback(error, null)
    }
    socket.once('error', onError)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      light = new UndiciSocket(socket)
      // undici uses what this one has, and nothing else of a socket
      callback(null, light as unknown as Socket)
    })
  }
}
