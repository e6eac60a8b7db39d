import { randomUUID } from 'node:crypto'
import type { TaskContext } from '@cloudbench/core'
import { LightSocket, sharedTls, within } from '@cloudbench/driver-kit'
import rhea, { type Connection, type EventContext } from 'rhea'
import { connectError } from '../connect-error.ts'
import { largestWindow, type AmqpOptions } from '../options.ts'
import { parseTarget, type AmqpTarget } from '../target.ts'
import { causeOf, faultEvents, lostBy, silentFor } from './fault.ts'
import { attachLinks, type LinkOptions, type Links } from './links.ts'
import { saslMechanisms } from './sasl.ts'
import { watchSilence } from './silence.ts'

/** How long a broker may take to answer a close before the connection is cut. */
const closeLimitMs = 1_000

interface Listeners {
  /** Called each time after data has arrived. */
  onInput: (() => void) | undefined
}

/** An open connection to a broker, with its links to one queue. */
export interface Client extends Links, Listeners {
  /** Rejects when the connection breaks before it is closed. A promise, so that no one can ask for it too late. */
  readonly broken: Promise<never>
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
  // it may break when no one waits for it
  broken.promise.catch(() => {})
  const listeners: Listeners = { onInput: undefined }
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
    silence.stop()
    broken.reject(fault)
  }
  const silence = watchSilence(options.heartbeatMs, () => fail(silentFor(options.heartbeatMs)))
  for (const name of faultEvents) connection.on(name, (event: EventContext) => fail(causeOf(event)))
  connection.on('protocol_error', fail)
  connection.on('error', fail)

  const close = async (): Promise<void> => {
    isClosing = true
    silence.stop()
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
    socket!.on('data', () => {
      silence.heard()
      listeners.onInput?.()
    })
    const attached = open.then(() => attachLinks(connection, links, options))
    const opened = await within(options.connectTimeoutMs, () => Promise.race([attached, broken.promise]))
    return Object.assign(listeners, opened, { broken: broken.promise, close })
  } catch (error) {
    isClosing = true
    silence.stop()
    socket?.destroy()
    throw connectError(error, target, links.queue)
  }
}

function createConnection(
  target: AmqpTarget,
  { sasl, heartbeatMs }: AmqpOptions,
  openSocket: (onConnect: () => void) => LightSocket,
): Connection {
  const { host, port, vhost } = target
  const connection = rhea.create_container({ id: `cloudbench-${randomUUID()}` }).create_connection({
    // the host decides what to do about a lost connection
    reconnect: false,
    host,
    port,
    hostname: vhost === undefined ? host : `vhost:${vhost}`,
    session_buffer_size: largestWindow + 2_048,
    sasl_mechanisms: saslMechanisms(sasl, target),
    ...(heartbeatMs > 0 && { idle_time_out: heartbeatMs }),
    connection_details: () => ({
      host,
      port,
      connect: (_port: number, _host: string, _options: unknown, onConnect: () => void) =>
        openSocket(onConnect),
    }),
  } as unknown as Parameters<Connection['container']['create_connection']>[0])
  connection.once('connection_open', () => {
    // the broker knows it now; rhea would start a timer for every read, and cut connections after a pause of this process
    const { local } = connection as unknown as {
      readonly local: { readonly open: { idle_time_out: number | undefined } }
    }
    local.open.idle_time_out = undefined
  })
  return connection
}
