import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { formatDuration } from '@cloudbench/core/text'
import { errorWithCode } from '@cloudbench/driver-kit'
import type { buildConnector } from 'undici'

/** Opens a connection of TCP, or to a Unix socket, within a limit. */
export function openTcp(place: NetConnectOpts, timeoutMs: number, callback: buildConnector.Callback): void {
  const socket: Socket = connect({ ...place, noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 })
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
    callback(null, socket)
  })
}
