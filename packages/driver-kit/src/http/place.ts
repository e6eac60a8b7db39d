import type { DriverContext } from '@cloudbench/core'
import { formatDuration } from '@cloudbench/core/text'
import { errorWithCode } from '../connect/errors.ts'
import { sharedTls, type ConnectTls } from '../connect/tls.ts'
import type { TlsFiles } from '../options/tls.ts'
import { LightSocket, type SocketReader } from '../socket/light-socket.ts'

/** The options of a workload that a connection needs. */
export interface ConnectOptions {
  readonly connectTimeoutMs: number
  readonly tls?: TlsFiles | undefined
}

/** Where connections go. */
export interface Place {
  /** As requests name it: with its port, unless that is the usual one. */
  readonly host: string
  /** Begins to open a connection, which ends with an error when that takes too long. */
  open(reader: SocketReader): LightSocket
}

/** Reads certificates, once for all connections. */
export async function placeOf(
  context: DriverContext<ConnectOptions>,
  { origin, socketPath }: { readonly origin: string; readonly socketPath?: string | undefined },
): Promise<Place> {
  const { host, hostname: bracketed, protocol, port } = new URL(origin)
  const hostname = bracketed.replace(/^\[(.*)\]$/, '$1')
  const isTls = protocol === 'https:'
  const tls: ConnectTls | undefined = isTls
    ? { ...(await sharedTls(context)), ALPNProtocols: ['http/1.1'] }
    : undefined
  const { sockets } = context
  const { connectTimeoutMs } = context.options
  return {
    host,
    open(reader) {
      const socket = new LightSocket({ tls, sockets, reader })
      if (socketPath === undefined) socket.connect(Number(port) || (isTls ? 443 : 80), hostname)
      else socket.connect(socketPath)
      const timer = setTimeout(() => {
        socket.destroy(errorWithCode('ETIMEDOUT', `no connection within ${formatDuration(connectTimeoutMs)}`))
      }, connectTimeoutMs)
      socket.once('connect', () => {
        clearTimeout(timer)
        socket.setKeepAlive(true, 60_000)
      })
      socket.once('close', () => clearTimeout(timer))
      return socket
    },
  }
}
