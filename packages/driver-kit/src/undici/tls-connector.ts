import { connect } from 'node:net'
import type { Sockets } from '@cloudbench/core'
import { formatDuration } from '@cloudbench/core/text'
import type { buildConnector } from 'undici'
import { errorWithCode } from '../connect/errors.ts'

/** Opens TLS connections, and counts each when it is open, as its server does, whatever comes of the handshake. */
export function tlsConnector(
  timeoutMs: number,
  secure: buildConnector.connector,
  sockets: Sockets,
): buildConnector.connector {
  return (where, callback) => {
    const socket = connect({
      host: where.hostname,
      port: Number(where.port) || 443,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 60_000,
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
      sockets.opened()
      socket.once('close', () => sockets.closed())
      secure({ ...where, httpSocket: socket }, callback)
    })
  }
}
