import type { DriverContext } from '@cloudbench/core'
import {
  connectionClosed,
  errorWithCode,
  LightSocket,
  lostConnection,
  within,
  type ConnectTls,
} from '@cloudbench/driver-kit'
import { connectError, notHttp2, silent } from '../../connect-error.ts'
import type { GrpcOptions } from '../../options.ts'
import type { GrpcTarget } from '../../target.ts'
import type { Client, Lane, LaneOptions } from '../lane.ts'
import { Deadlines } from './deadlines.ts'
import { RequestHead } from './request-head.ts'
import { Session } from './session.ts'
import { WireCall, type WireLane } from './wire-call.ts'

/** How long a server may take to end its side before a connection is cut. */
const closeLimitMs = 1_000

type Context = Pick<DriverContext<GrpcOptions>, 'options' | 'sockets' | 'signal'>

/**
 * Opens a connection that speaks HTTP/2 by frames of our own.
 * @throws CloudbenchError that says why not.
 */
export async function openWireClient(
  context: Context,
  target: GrpcTarget,
  tls: ConnectTls | undefined,
): Promise<Client> {
  const { signal } = context
  signal.throwIfAborted()
  const client = new WireClient(context, target, tls)
  await client.open()
  if (!signal.aborted) return client
  await client.close()
  throw signal.reason
}

class WireClient implements Client {
  readonly target: GrpcTarget
  onLost: ((error: Error) => void) | undefined
  readonly #options: GrpcOptions
  readonly #socket: LightSocket
  readonly #session: Session
  readonly #deadlines: Deadlines[] = []
  readonly #settled = Promise.withResolvers<void>()
  readonly #closed: Promise<void>
  #isConnected = false
  #failure: Error | undefined

  constructor({ options, sockets }: Context, target: GrpcTarget, tls: ConnectTls | undefined) {
    this.target = target
    this.#options = options
    const secured = tls && { ...tls, ALPNProtocols: ['h2'] }
    const socket = new LightSocket({ tls: secured, sockets })
    const session = new Session(socket, {
      streams: options.streams,
      onSettled: this.#settled.resolve,
      onLost: (error) => {
        this.#settled.reject(error)
        this.onLost?.(error)
      },
    })
    this.#socket = socket
    this.#session = session
    this.#closed = new Promise((resolve) => void socket.once('close', () => resolve()))
    socket.reader = (bytes, length) => session.read(bytes, length)
    socket.once('connect', () => {
      this.#isConnected = true
      session.start()
    })
    socket.on('error', (error: Error) => (this.#failure = error))
    // an error comes first where there is one
    socket.once('end', () => session.closed(this.#end))
  }

  async open(): Promise<void> {
    const { port, socketPath, hostname } = this.target
    const settled = this.#settled.promise
    // it may end before it is waited for
    settled.catch(() => {})
    try {
      this.#socket.connect(socketPath ?? port, hostname)
      await within(this.#options.connectTimeoutMs, () => settled)
    } catch (error) {
      this.#socket.destroy()
      throw this.#refusalOf(error)
    }
  }

  lane({ method, readsMessages, ...options }: LaneOptions): Lane {
    const { deadlineMs } = options
    const { isTls, authority: own } = this.target
    const { authority = own, compression, maxMessageBytes } = this.#options
    const calls: WireCall[] = []
    const deadlines = deadlineMs === undefined ? undefined : new Deadlines(deadlineMs, calls)
    if (deadlines) this.#deadlines.push(deadlines)
    const lane: WireLane = {
      session: this.#session,
      head: new RequestHead({ ...options, isTls, path: method.path, authority, compression }),
      compresses: compression === 'gzip',
      limitBytes: maxMessageBytes,
      keepsMessages: readsMessages,
      deadlineMs,
      noteDeadline: () => deadlines?.note(),
    }
    return {
      createCall(listener) {
        const call = new WireCall(lane, listener)
        calls.push(call)
        return call
      },
    }
  }

  async close(): Promise<void> {
    for (const one of this.#deadlines) one.stop()
    this.#session.abandon(connectionClosed())
    await within(closeLimitMs, () => this.#closed).catch(() => {})
    this.#socket.destroy()
  }

  get #end(): Error {
    return this.#failure === undefined
      ? connectionClosed('the server closed the connection')
      : lostConnection(this.#failure)
  }

  /** Why there is no connection, by what has happened until then. */
  #refusalOf(error: unknown): Error {
    const { code } = error as NodeJS.ErrnoException
    const { target } = this
    const failure = this.#failure ?? (error as Error)
    if (!this.#isConnected)
      return connectError(
        code === 'ETIMEDOUT' ? errorWithCode(code, 'no connection in time') : failure,
        target,
      )
    if (code === 'ETIMEDOUT') return silent(target)
    // with TLS 1.3, a server says after the connection that it wants a certificate
    const isOfTls = (failure as NodeJS.ErrnoException).code?.startsWith('ERR_SSL_') === true
    return isOfTls ? connectError(failure, target) : notHttp2(target)
  }
}
