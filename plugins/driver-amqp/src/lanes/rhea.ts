import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { connectionClosed, sharedTls, tlsTo, within, type ConnectTls } from '@cloudbench/driver-kit'
import rhea, { type Connection, type EventContext } from 'rhea'
import { lostBy, silentFor } from '../client/fault.ts'
import { mechanismOf } from '../client/sasl.ts'
import { connectError } from '../connect-error.ts'
import { largestWindow, type AmqpOptions } from '../options.ts'
import { parseTarget, type AmqpTarget } from '../target.ts'
import type { OpenLane } from './lane.ts'
import { openRheaLinks } from './rhea-links.ts'

/** How long a broker may take to answer a close before the connection is cut. */
const closeLimitMs = 1_000

/** Any of these ends the connection: it is never used with some of its links missing. */
const faultEvents = [
  'connection_error',
  'connection_close',
  'session_error',
  'session_close',
  'sender_error',
  'sender_close',
  'receiver_error',
  'receiver_close',
] as const

/** Opens a connection of rhea, as an application uses it, but for its reconnection: the host sees every loss. */
export const openRheaLane: OpenLane = async (context, laneOptions) => {
  const { options, signal } = context
  signal.throwIfAborted()
  const target = parseTarget(context.target)
  const tls = target.isTls ? await sharedTls(context) : undefined
  const broken = Promise.withResolvers<never>()
  // it may break when no one waits for it
  broken.promise.catch(() => {})
  let isEnded = false
  const fail = (cause: unknown): void => {
    if (isEnded) return
    isEnded = true
    broken.reject(lostBy(cause))
  }
  const connection = createConnection(target, options, tls)
  let heardMs = performance.now()
  for (const name of faultEvents) connection.on(name, (event: EventContext) => fail(causeOf(event)))
  connection.on('disconnected', (event: EventContext) => {
    fail(causeOf(event) ?? silenceSince(heardMs, options))
  })
  connection.on('protocol_error', fail)
  connection.on('error', fail)
  let socket: Socket | undefined
  const close = async (): Promise<void> => {
    const isFirst = !isEnded
    isEnded = true
    if (isFirst && socket?.destroyed === false) {
      const closed = new Promise<void>((resolve) => connection.once('connection_close', () => resolve()))
      connection.close()
      await within(closeLimitMs, () => closed).catch(() => {})
    }
    // with an error: without one, rhea would not hear of it, and go on with its timers
    socket?.destroy(connectionClosed())
  }
  try {
    const open = new Promise<void>((resolve) => connection.once('connection_open', () => resolve()))
    connection.connect()
    const opened = socketOf(connection)
    socket = opened
    // before rhea sets its timer
    opened.prependListener('data', () => {
      heardMs = performance.now()
    })
    const attached = open.then(() => openRheaLinks(connection, laneOptions, options, opened))
    const links = await within(options.connectTimeoutMs, () => Promise.race([attached, broken.promise]))
    return { ...links, broken: broken.promise, close }
  } catch (error) {
    isEnded = true
    socket?.destroy(connectionClosed())
    throw connectError(error, target, laneOptions.queue)
  }
}

/** rhea ends a connection on which nothing was heard for twice as long as it asked for, and does not say why. */
function silenceSince(heardMs: number, { heartbeatMs }: AmqpOptions): Error | undefined {
  const isSilence = heartbeatMs > 0 && performance.now() - heardMs >= 2 * heartbeatMs - 1
  return isSilence ? silentFor(heartbeatMs) : undefined
}

function causeOf({ error, connection, session, sender, receiver }: EventContext): unknown {
  return error ?? sender?.error ?? receiver?.error ?? session?.error ?? connection.error
}

/** What rhea has, and does not declare. */
function socketOf(connection: Connection): Socket {
  return (connection as unknown as { readonly socket: Socket }).socket
}

function createConnection(
  target: AmqpTarget,
  { sasl, heartbeatMs }: AmqpOptions,
  tls: ConnectTls | undefined,
): Connection {
  const { host, port, vhost } = target
  const { name, response } = mechanismOf(sasl, target)
  return rhea.create_container({ id: `cloudbench-${randomUUID()}` }).create_connection({
    reconnect: false,
    host,
    port,
    hostname: vhost === undefined ? host : `vhost:${vhost}`,
    // a delivery that takes long must not stop those behind it
    session_buffer_size: largestWindow + 2_048,
    // rhea's own PLAIN counts user and password in characters, and cuts off those that take more than one byte each
    sasl_mechanisms: { [name]: () => ({ start: (answer: Answer) => answer(undefined, response) }) },
    ...(heartbeatMs > 0 && { idle_time_out: heartbeatMs }),
    // without a name that TLS may ask for, rhea would ask for the address
    ...(tls && { transport: 'tls', servername: '', ...tlsTo(host, tls) }),
  } as unknown as Parameters<Connection['container']['create_connection']>[0])
}

type Answer = (error: Error | undefined, response: Buffer) => void
