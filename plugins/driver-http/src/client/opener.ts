import type { Socket } from 'node:net'
import { buildConnector } from 'undici'
import { lightConnector } from './light-connector.ts'
import type { HttpOptions } from '../options.ts'
import type { HttpTarget } from '../target.ts'
import type { SharedTls } from './tls.ts'

/** undici opens again when a connection closes before it was used; after this many without an answer it is refused. */
const fruitlessLimit = 3

export interface OpenerOptions {
  readonly target: HttpTarget
  readonly http: HttpOptions
  readonly servername: string | undefined
  /** Absent for plain HTTP. */
  readonly tls: SharedTls | undefined
  /** Told about every connection after the first. */
  readonly onReopen: () => void
}

/** Opens connections: the first one ahead of the first request, others when undici asks for them. */
export interface Opener {
  /** Opens the first connection, so that a target that cannot be reached is found out before any load. */
  openFirst(signal: AbortSignal): Promise<void>
  /** For undici's `connect` option. */
  readonly connect: buildConnector.connector
  /** An answer came: connections that close from now on may be opened again. */
  answered(): void
  /** Opens nothing any more. */
  stop(): void
}

export function createOpener({ target, http, servername, tls, onReopen }: OpenerOptions): Opener {
  const open = tls ? tlsConnector(http, tls) : lightConnector(http.connectTimeoutMs)
  let first: { readonly socket: Socket; readonly release: () => void } | undefined
  let stopped = false
  let fruitless = 0
  return {
    openFirst: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const where = {
          host: target.origin.replace(/^https?:\/\//, ''),
          hostname: target.hostname,
          protocol: target.isTls ? 'https:' : 'http:',
          port: String(target.port),
          ...(servername !== undefined && { servername }),
        }
        open(where, (error, socket) => {
          if (error) {
            reject(error)
            return
          }
          first = held(socket)
          if (signal.aborted) {
            first.socket.destroy()
            reject(signal.reason as Error)
            return
          }
          resolve()
        })
      }),
    connect(where, callback) {
      if (stopped) {
        queueMicrotask(() => callback(closedError('the connection was given up'), null))
        return
      }
      const ready = first
      first = undefined
      if (ready && !ready.socket.destroyed) {
        // not at once: undici looks for a connection again only after it has returned from here
        queueMicrotask(() => {
          ready.release()
          callback(null, ready.socket)
        })
        return
      }
      if (++fruitless > fruitlessLimit) {
        fruitless = 0
        queueMicrotask(() => callback(closedError('the server closes connections before it answers'), null))
        return
      }
      onReopen()
      open(where, callback)
    },
    answered() {
      fruitless = 0
    },
    stop() {
      stopped = true
      first?.socket.destroy()
    },
  }
}

/** Certificates are verified with the options of the target; undici does the rest. */
function tlsConnector(
  { connectTimeoutMs, tls }: HttpOptions,
  { secureContext }: SharedTls,
): buildConnector.connector {
  return buildConnector({
    allowH2: false,
    secureContext,
    rejectUnauthorized: tls?.rejectUnauthorized ?? true,
    timeout: connectTimeoutMs,
  })
}

/** Keeps an open connection until undici takes it; one that dies meanwhile is noticed, and is not an accident. */
function held(socket: Socket): { readonly socket: Socket; readonly release: () => void } {
  const drop = (): void => {
    socket.destroy()
  }
  socket.on('error', drop).on('end', drop)
  return { socket, release: () => socket.off('end', drop).off('error', drop) }
}

function closedError(message: string): Error {
  return Object.assign(new Error(message), { code: 'CONNECTION_CLOSED' })
}
