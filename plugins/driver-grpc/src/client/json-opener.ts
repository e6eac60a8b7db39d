import type { Socket } from 'node:net'
import { buildConnector } from 'undici'
import type { GrpcOptions } from '../options.ts'
import type { GrpcTarget } from '../target.ts'
import type { SharedTls } from './tls.ts'

/** undici opens again when a connection closes before it was used; after this many without an answer it is refused. */
const fruitlessLimit = 3

export interface JsonOpenerOptions {
  readonly target: GrpcTarget
  readonly grpc: GrpcOptions
  readonly servername: string | undefined
  readonly tls: SharedTls | undefined
  /** Told about every connection after the first. */
  readonly onReopen: () => void
}

/** Opens connections: the first one ahead of the first request, others when undici asks for them. */
export interface JsonOpener {
  openFirst(signal: AbortSignal): Promise<void>
  /** For undici's `connect` option. */
  readonly connect: buildConnector.connector
  /** An answer came: connections that close from now on may be opened again. */
  answered(): void
  /** Opens nothing any more. */
  stop(): void
}

export function createJsonOpener({ target, grpc, servername, tls, onReopen }: JsonOpenerOptions): JsonOpener {
  const open = buildConnector({
    allowH2: false,
    timeout: grpc.connectTimeoutMs,
    ...(tls && {
      secureContext: tls.secureContext,
      rejectUnauthorized: grpc.tls?.rejectUnauthorized ?? true,
    }),
  })
  let first: Socket | undefined
  let isStopped = false
  let fruitless = 0
  const drop = (): void => {
    first?.destroy()
  }
  return {
    openFirst: (signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const where = {
          host: target.authority,
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
          // one that dies before undici takes it is noticed, and is not an accident
          first = socket.on('error', drop).on('end', drop)
          if (!signal.aborted) {
            resolve()
            return
          }
          drop()
          reject(signal.reason as Error)
        })
      }),
    connect(where, callback) {
      const socket = first
      first = undefined
      if (isStopped) {
        queueMicrotask(() => callback(closedError('the connection was given up'), null))
      } else if (socket && !socket.destroyed) {
        // not at once: undici looks for a connection again only after it has returned from here
        queueMicrotask(() => callback(null, socket.off('end', drop).off('error', drop)))
      } else if (++fruitless > fruitlessLimit) {
        fruitless = 0
        queueMicrotask(() => callback(closedError('the server closes connections before it answers'), null))
      } else {
        onReopen()
        open(where, callback)
      }
    },
    answered() {
      fruitless = 0
    },
    stop() {
      isStopped = true
      drop()
    },
  }
}

function closedError(message: string): Error {
  return Object.assign(new Error(message), { code: 'CONNECTION_CLOSED' })
}
