import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TaskContext } from '@cloudbench/core'
import rhea, { type Connection, type EventContext, type Receiver, type Sender } from 'rhea'
import { addressOf, brokerOf } from './address.ts'
import { connectError } from '../connect-error.ts'
import { faultOf } from './fault.ts'
import { LightSocket } from './light-socket.ts'
import { largestWindow, type AmqpOptions } from '../options.ts'
import { saslMechanisms } from './sasl.ts'
import { parseTarget } from '../target.ts'
import { tlsOptions } from '@cloudbench/driver-kit'

/** How long a broker may take to answer a close, before the connection is cut. */
const closeLimitMs = 1_000

/** What connects, links and closes; whatever happens to any of them breaks the connection. */
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

/** Which links a connection needs. */
export interface Links {
  readonly queue: string
  readonly sends?: boolean
  /** How many receivers. @default 0 */
  readonly receivers?: number
}

/** An open connection to a broker, with its links to one queue. */
export interface BrokerConnection {
  /** There when the links say so. */
  readonly sender: Sender | undefined
  readonly receivers: readonly Receiver[]
  /** Called after each time something has come in. */
  onInput: (() => void) | undefined
  /** Called once, when the connection breaks before it is closed. */
  onFault: ((error: Error) => void) | undefined
  close(): Promise<void>
}

/**
 * Connects, authenticates, and attaches the links.
 * @throws CloudbenchError that says what is in the way.
 */
export async function openBrokerConnection(
  { options, target: url, log, signal }: TaskContext<AmqpOptions>,
  links: Links,
): Promise<BrokerConnection> {
  signal.throwIfAborted()
  const target = parseTarget(url)
  const tls = target.isTls ? await tlsOptions(options.tls ?? {}, log) : undefined
  const mechanisms = saslMechanisms(options.sasl, target)
  const broken = Promise.withResolvers<never>()
  // whoever waits has it from a race
  broken.promise.catch(() => {})
  let socket: LightSocket | undefined
  let isClosing = false
  let fault: Error | undefined
  const opened: { -readonly [Key in keyof BrokerConnection]: BrokerConnection[Key] } = {
    sender: undefined,
    receivers: [],
    onInput: undefined,
    onFault: undefined,
    close,
  }

  const container = rhea.create_container({ id: `cloudbench-${randomUUID()}` })
  const connection = container.create_connection({
    // whatever happens to a connection, the host decides what to do about it
    reconnect: false,
    host: target.host,
    port: target.port,
    hostname: target.vhost === undefined ? target.host : `vhost:${target.vhost}`,
    session_buffer_size: largestWindow + 2_048,
    sasl_mechanisms: mechanisms,
    connection_details: () => ({
      host: target.host,
      port: target.port,
      connect: (_port: number, _host: string, _options: unknown, onConnect: () => void) => {
        socket = new LightSocket({ host: target.host, port: target.port, tls, onConnect })
        return socket
      },
    }),
  } as unknown as Parameters<typeof container.create_connection>[0])

  const fail = (cause: unknown): void => {
    if (isClosing || fault !== undefined) return
    fault = faultOf(cause)
    broken.reject(fault)
    opened.onFault?.(fault)
  }
  for (const event of faults) connection.on(event, (context: EventContext) => fail(causeOf(context)))
  connection.on('protocol_error', fail)
  connection.on('error', fail)

  async function close(): Promise<void> {
    isClosing = true
    if (fault === undefined && socket?.destroyed === false) {
      const closed = new Promise<void>((resolve) => connection.once('connection_close', () => resolve()))
      connection.close()
      await within(closed, closeLimitMs).catch(() => {})
    }
    socket?.destroy()
  }

  const attach = async (): Promise<void> => {
    const { receivers = 0 } = links
    const { address, needsProof } = addressOf(links.queue, brokerOf(connection))
    if (needsProof && receivers === 0) await attached(openProof(connection, address), 'receiver_open')
    opened.receivers = Array.from({ length: receivers }, () => openReceiver(connection, address, options))
    await Promise.all(opened.receivers.map((receiver) => attached(receiver, 'receiver_open')))
    if (links.sends) {
      opened.sender = openSender(connection, address, options)
      await attached(opened.sender, 'sender_open')
    }
  }
  try {
    const open = new Promise<void>((resolve) => connection.once('connection_open', () => resolve()))
    connection.connect()
    socket!.on('data', () => opened.onInput?.())
    await within(Promise.race([open.then(attach), broken.promise]), options.connectTimeoutMs)
  } catch (error) {
    isClosing = true
    socket?.destroy()
    throw connectError(error, target, links.queue)
  }
  return opened
}

function openSender(connection: Connection, address: string, { settlement }: AmqpOptions): Sender {
  return connection.open_sender({
    target: { address },
    snd_settle_mode: settlement === 'at-most-once' ? 1 : 0,
    rcv_settle_mode: 0,
    treat_modified_as_released: false,
  } as Parameters<typeof connection.open_sender>[0])
}

function openReceiver(connection: Connection, address: string, { settlement }: AmqpOptions): Receiver {
  return connection.open_receiver({
    source: { address },
    snd_settle_mode: settlement === 'at-most-once' ? 1 : 0,
    rcv_settle_mode: 0,
    // what has arrived is accepted when it has been looked at, and credit is given when there is room
    autoaccept: false,
    credit_window: 0,
  })
}

/** A receiver that gets nothing: the broker has to find the queue to attach it. */
function openProof(connection: Connection, address: string): Receiver {
  const proof = connection.open_receiver({ source: { address }, autoaccept: false, credit_window: 0 })
  proof.once('receiver_open', () => proof.close())
  proof.once('receiver_close', () => {})
  return proof
}

/** A link is attached only when the broker has named the node; without one, the reason follows in a detach. */
async function attached(link: Sender | Receiver, event: 'sender_open' | 'receiver_open'): Promise<void> {
  await new Promise<void>((resolve) => {
    link.once(event, () => {
      const node = event === 'sender_open' ? link.target : link.source
      if (node) resolve()
    })
  })
}

function causeOf({ error, connection, session, sender, receiver }: EventContext): unknown {
  return error ?? sender?.error ?? receiver?.error ?? session?.error ?? connection.error
}

/** A broker that takes connections and says nothing must not hold us up. */
async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const limit = new AbortController()
  try {
    return await Promise.race([
      work,
      sleep(limitMs, undefined, { signal: limit.signal }).then((): never => {
        throw Object.assign(new Error(`nothing within ${limitMs} ms`), { code: 'ETIMEDOUT' })
      }),
    ])
  } finally {
    limit.abort()
  }
}
