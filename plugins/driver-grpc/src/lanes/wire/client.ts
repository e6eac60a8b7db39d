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

/** Outside of the load, there is one call at a time. */
const fewestStreams = 1

/**
 * Opens a connection that speaks HTTP/2 by frames of our own.
 * @throws CloudbenchError that says why not.
 */
export async function openWireClient(
  { options, sockets, signal }: Pick<DriverContext<GrpcOptions>, 'options' | 'sockets' | 'signal'>,
  target: GrpcTarget,
  tls: ConnectTls | undefined,
): Promise<Client> {
  const secured = tls && { ...tls, ALPNProtocols: ['h2'] }
  const socket = new LightSocket({ tls: secured, sockets })
  const { promise: settled, resolve: settle, reject: refuse } = Promise.withResolvers<void>()
  const deadlines: Deadlines[] = []
  const client: Client = { target, onLost: undefined, lane: (of) => createLane(of), close }
  const session = new Session(socket, {
    streams: Math.max(options.streams, fewestStreams),
    onSettled: settle,
    onLost(error) {
      refuse(error)
      client.onLost?.(error)
    },
  })
  let isConnected = false
  let failure: Error | undefined
  socket.reader = (bytes, length) => session.read(bytes, length)
  socket.once('connect', () => {
    isConnected = true
    session.start()
  })
  socket.on('error', (error: Error) => (failure = error))
  socket.once('end', () => {
    // an error comes first where there is one
    session.closed(
      failure === undefined ? connectionClosed('the server closed the connection') : lostConnection(failure),
    )
  })
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()))

  async function close(): Promise<void> {
    for (const one of deadlines) one.stop()
    session.abandon(connectionClosed())
    await within(closeLimitMs, () => closed).catch(() => {})
    socket.destroy()
  }

  function createLane({ method, metadata, deadlineMs, readsMessages }: LaneOptions): Lane {
    const { isTls } = target
    const { compression } = options
    const authority = options.authority ?? target.authority
    const calls: WireCall[] = []
    const deadline = deadlineMs === undefined ? undefined : new Deadlines(deadlineMs, calls)
    if (deadline) deadlines.push(deadline)
    const lane: WireLane = {
      session,
      head: new RequestHead({ isTls, path: method.path, authority, metadata, deadlineMs, compression }),
      compresses: compression === 'gzip',
      limitBytes: options.maxMessageBytes,
      keepsMessages: readsMessages,
      deadlineMs,
      noteDeadline: () => deadline?.note(),
    }
    return {
      createCall(listener) {
        const call = new WireCall(lane, listener)
        calls.push(call)
        return call
      },
    }
  }

  signal.throwIfAborted()
  settled.catch(() => {})
  try {
    socket.connect(target.socketPath ?? target.port, target.hostname)
    await within(options.connectTimeoutMs, () => settled)
    signal.throwIfAborted()
    return client
  } catch (error) {
    socket.destroy()
    throw refusalOf(error, failure, isConnected, target)
  }
}

/** Why there is no connection, by what has happened until then. */
function refusalOf(
  error: unknown,
  failure: Error | undefined,
  isConnected: boolean,
  target: GrpcTarget,
): unknown {
  const { name, code } = error as NodeJS.ErrnoException
  if (name === 'AbortError') return error
  if (!isConnected)
    return connectError(
      failure ?? (code === 'ETIMEDOUT' ? errorWithCode(code, 'no connection in time') : error),
      target,
    )
  if (code === 'ETIMEDOUT') return silent(target)
  // with TLS 1.3, a server says after the connection that it wants a certificate
  return failure !== undefined && /^ERR_SSL_/.test((failure as NodeJS.ErrnoException).code ?? '')
    ? connectError(failure, target)
    : notHttp2(target)
}
