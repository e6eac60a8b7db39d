import type { Socket } from 'node:net'
import type { DriverContext } from '@cloudbench/core'
import { connectionClosed, serverNameOf, type ConnectTls } from '@cloudbench/driver-kit'
import { buildConnector } from 'undici'
import type { Proxy } from '../../client/proxy.ts'
import { directConnector, secured } from './secured.ts'
import { tunnelConnector } from './tunnel.ts'

/** undici opens again when a connection closes before it was used; after this many without an answer it is refused. */
const fruitlessLimit = 3

export interface OpenerOptions {
  /** Such as `https://example.com:8443`. */
  readonly origin: string
  readonly connectTimeoutMs: number
  readonly socketPath?: string | undefined
  /** With TLS it makes a tunnel; without, requests have to name their origin. */
  readonly proxy?: Proxy | undefined
  /** Absent for plain HTTP. */
  readonly tls: ConnectTls | undefined
  /** Told about every connection after the first. */
  readonly onReopen: () => void
  /** Told about every connection that opens and ends. */
  readonly sockets: DriverContext['sockets']
}

/** Opens connections: the first one ahead of the first request, others when undici asks for them. */
export interface Opener {
  /** Opens the first connection, so that a target that cannot be reached is found out before any load. */
  openFirst(signal: AbortSignal): Promise<void>
  /** For undici's `connect` option. */
  readonly connect: buildConnector.connector
  /** An answer came: connections that close from now on may be opened again. */
  answered(): void
  /** Whether the connection in use has answered before. */
  readonly hasAnswered: boolean
  /** Why the last connection could not be opened again. */
  readonly refusal: Error | undefined
  /** Opens nothing any more. */
  stop(): void
}

export function createOpener(options: OpenerOptions): Opener {
  const { origin, tls, onReopen } = options
  const open = connectorFor(options)
  let first: Socket | undefined
  let isStopped = false
  let fruitless = 0
  let hasAnswered = false
  let refusal: Error | undefined
  // one that dies before undici takes it is noticed, and is not an accident
  const drop = (): void => {
    first?.destroy()
  }
  return {
    async openFirst(signal) {
      signal.throwIfAborted()
      const socket = await opened(open, placeOf(origin, tls))
      first = socket.on('error', drop).on('end', drop)
      if (!signal.aborted) return
      drop()
      throw signal.reason
    },
    connect(where, callback) {
      const socket = first
      first = undefined
      hasAnswered = false
      if (isStopped) queueMicrotask(() => callback(connectionClosed('the connection was given up'), null))
      else if (socket && !socket.destroyed)
        // not at once: undici looks for a connection again only after it has returned from here
        queueMicrotask(() => callback(null, socket.off('end', drop).off('error', drop)))
      else if (++fruitless > fruitlessLimit) {
        fruitless = 0
        queueMicrotask(() =>
          callback(connectionClosed('the server closes connections before it answers'), null),
        )
      } else {
        onReopen()
        open(where, (...result) => {
          refusal = result[0] ?? undefined
          callback(...result)
        })
      }
    },
    answered() {
      fruitless = 0
      hasAnswered = true
    },
    get refusal() {
      return refusal
    },
    get hasAnswered() {
      return hasAnswered
    },
    stop() {
      isStopped = true
      drop()
    },
  }
}

function opened(open: buildConnector.connector, where: buildConnector.Options): Promise<Socket> {
  return new Promise((resolve, reject) => {
    open(where, (...[error, socket]) => (error ? reject(error) : resolve(socket)))
  })
}

function connectorFor({
  connectTimeoutMs: timeoutMs,
  tls,
  socketPath,
  proxy,
  sockets,
}: OpenerOptions): buildConnector.connector {
  if (!tls) {
    const around = proxy && { host: proxy.hostname, port: proxy.port }
    return counted(
      directConnector(timeoutMs, socketPath === undefined ? around : { path: socketPath }),
      sockets,
    )
  }
  const { secureContext, rejectUnauthorized } = tls
  const secure = buildConnector({ allowH2: false, secureContext, rejectUnauthorized, timeout: timeoutMs })
  const open = proxy ? tunnelConnector(proxy, timeoutMs) : directConnector(timeoutMs)
  // counted when it is open, as its server does, whatever comes of the handshake
  return secured(counted(open, sockets), secure)
}

function counted(
  open: buildConnector.connector,
  sockets: OpenerOptions['sockets'],
): buildConnector.connector {
  return (where, callback) => {
    open(where, (...[error, socket]) => {
      if (error) {
        callback(error, null)
        return
      }
      sockets.opened()
      socket.on('close', () => sockets.closed())
      callback(null, socket)
    })
  }
}

function placeOf(origin: string, tls: ConnectTls | undefined): buildConnector.Options {
  const { host, hostname: bracketed, protocol, port } = new URL(origin)
  const hostname = bracketed.replace(/^\[(.*)\]$/, '$1')
  const servername = tls && serverNameOf(hostname, tls)
  return {
    host,
    hostname,
    protocol,
    port: port === '' ? (protocol === 'https:' ? '443' : '80') : port,
    ...(servername !== undefined && { servername }),
  }
}
