import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { readBuffer } from '../socket/shared-read.ts'
import { UndiciSocket } from './socket.ts'
import { openTcp } from './tcp.ts'

/** Where connections go instead of the host and port of their origin. */
export type Detour = { readonly path: string } | { readonly host: string; readonly port: number }

/** Opens plain TCP connections for undici, in the form of sockets that cost less. */
export function plainConnector(timeoutMs: number, detour?: Detour): buildConnector.connector {
  return ({ hostname, port }, callback) => {
    let light: UndiciSocket | undefined
    const place = {
      ...(detour ?? { host: hostname, port: Number(port) || 80 }),
      onread: {
        buffer: readBuffer,
        // nothing is read before the connection is open
        callback: (length: number, buffer: Uint8Array) => light!.receive(length, buffer),
      },
    }
    openTcp(place, timeoutMs, (...[error, socket]) => {
      if (error) {
        callback(error, null)
        return
      }
      light = new UndiciSocket(socket)
      // undici uses what this one has, and nothing else of a socket
      callback(null, light as unknown as Socket)
    })
  }
}
