import { randomUUID } from 'node:crypto'
import type { TaskContext } from '@cloudbench/core'
import { errorWithCode, LightSocket, lostConnection, sharedTls, within } from '@cloudbench/driver-kit'
import rhea, { type AmqpError, type Connection, type EventContext } from 'rhea'
import { connectError } from '../connect-error.ts'
import { largestWindow, type AmqpOptions } from '../options.ts'
import { parseTarget, type AmqpTarget } from '../target.ts'
import { attachLinks, type LinkOptions, type Links } from './links.ts'
import { saslMechanisms } from './sasl.ts'

/** How long a broker may take to answer a close before the connection is cut. */
const closeLimitMs = 1_000

/** Any of these ends the connection: it is never used with some of its links missing. */
const faults = [
  'connection_error',
  'connection_close',
  'session_error',
  'session_close',
  'sender_error',
  'sender_close',
  'receiver_error',
  'receiver_close',
  'disconnected',
] as const

interface Listeners {
  /** Called each time after data has arrived. */
  onInput: (() => void) | undefined
  /** Called once, when the connection breaks before it is closed. */
  onFault: ((error: Error) => void) | undefined
}

/** An open connection to a broker, with its links to one queue. */
export interface Client extends Links, Listeners {
  close(): Promise<void>
}

/**
 * Connects, authenticates, and attaches the links.
 * @throws CloudbenchError that says why the broker cannot be used.
 */
export async function openClient(context: TaskContext<AmqpOptions>, links: LinkOptions): Promise<Client> {
  const { options, signal } = context
  signal.throwIfAborted()
  const target = parseTarget(context.target)
  const tls = target.isTls ? await sharedTls(context) : undefined
  const broken = Promise.withResolvers<never>()
  // only the race below waits for it
  broken.promise.catch(() => {})
  const listeners: Listeners = { onInput: undefined, onFault: undefined }
  let socket: LightSocket | undefined
  let isClosing = false
  let fault: Error | undefined

  const connection = createConnection(target, options, (onConnect) => {
    socket = new LightSocket({ tls })
    return socket.once('connect', onConnect).connect(target.port, target.host)
  })
  const fail = (cause: unknown): void => {
    if (isClosing || fault !== undefined) return
    fault = lostBy(cause)
    broken.reject(fault)
    listeners.onFault?.(fault)
  }
  for (const name of faults) connection.on(name, (event: EventContext) => fail(causeOf(event)))
  connection.on('protocol_error', fail)
  connection.on('error', fail)

  const close = async (): Promise<void> => {
    isClosing = true
    if (fault === undefined && socket?.destroyed === false) {
      const closed = new Promise<void>((resolve) => connection.once('connection_close', () => resolve()))
      connection.close()
      await within(closeLimitMs, () => closed).catch(() => {})
    }
    socket?.destroy()
  }
  try {
    const open = new Promise<void>((resolve) => connection.once('connection_open', () => resolve()))
    connection.connect()
    // after rhea's own listener
    socket!.on('data', () => listeners.onInput?.())
    const attached = open.then(() => attachLinks(connection, links, options))
    const opened = await within(options.connectTimeoutMs, () => Promise.race([attached, broken.promise]))
    return Object.assign(listeners, opened, { close })
  } catch (error) {
    isClosing = true
    socket?.destroy()
    throw connectError(error, target, links.queue)
  }
}

function createConnection(
  target: AmqpTarget,
  { sasl }: AmqpOptions,
  openSocket: (onConnect: () => void) => LightSocket,
): Connection {
  const { host, port, vhost } = target
  return rhea.create_container({ id: `cloudbench-${randomUUID()}` }).create_connection({
    // the host decides what to do about a lost connection
    reconnect: false,
    host,
    port,
    hostname: vhost === undefined ? host : `vhost:${vhost}`,
    session_buffer_size: largestWindow + 2_048,
    sasl_mechanisms: saslMechanisms(sasl, target),
    connection_details: () => ({
      host,
      port,
      connect: (_port: number, _host: string, _options: unknown, onConnect: () => void) =>
        openSocket(onConnect),
    }),
  } as unknown as Parameters<Connection['container']['create_connection']>[0])
}

function causeOf({ error, connection, session, sender, receiver }: EventContext): unknown {
  return error ?? sender?.error ?? receiver?.error ?? session?.error ?? connection.error
}

/** A broker names its reason by a condition, such as `amqp:precondition-failed`. */
function lostBy(cause: unknown): Error {
  const { condition, description } = (cause ?? {}) as Partial<AmqpError>
  if (typeof condition === 'string') return errorWithCode(condition, description ?? condition, cause)
  return lostConnection(cause, ({ name }) => (name === 'ProtocolError' ? 'PROTOCOL_ERROR' : undefined))
}
