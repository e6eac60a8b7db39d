import type { Socket } from 'node:net'
import type { Sockets } from '@cloudbench/core'
import { connectionClosed, errorWithCode, LightSocket, within, type ConnectTls } from '@cloudbench/driver-kit'
import kafkajs, { type SASLOptions } from 'kafkajs'
import { connectError } from '../connect-error.ts'
import { formatAddress, type Address } from '../target.ts'
import { clientId } from '../wire/writer.ts'
import { largestAnswerBytes, Link } from './link.ts'
import { quietTimers } from './quiet-timers.ts'

/** How to connect to a broker. */
export interface Access {
  readonly tls: ConnectTls | undefined
  readonly sasl: SASLOptions | undefined
  readonly connectTimeoutMs: number
  /** Counts the connections that serve the load, also those that only ask where partitions are. */
  readonly sockets?: Sockets | undefined
}

const tlsAlert = 0x15

/**
 * Opens a connection to one broker. kafkajs opens it, speaks TLS, asks for versions and authenticates; then the link
 * takes over the socket. It is never reopened: any fault ends it, and `onFault` is called once.
 * @throws CloudbenchError that says what went wrong.
 */
export async function openLink(
  address: Address,
  access: Access,
  onFault: (error: Error) => void = () => {},
): Promise<Link> {
  const { tls, sasl, connectTimeoutMs, sockets } = access
  quietTimers()
  let socket: LightSocket | undefined
  let broken: Error | undefined
  const closed = Promise.withResolvers<never>()
  closed.promise.catch(() => {})
  // no longer than a timer can wait
  const laterMs = Math.min(connectTimeoutMs * 2, 2 ** 31 - 1)
  const admin = new kafkajs.Kafka({
    clientId,
    brokers: [formatAddress(address)],
    ...(tls !== undefined && { ssl: tls }),
    ...(sasl !== undefined && { sasl }),
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
    // connectTimeoutMs, below, applies
    connectionTimeout: laterMs,
    authenticationTimeout: laterMs,
    enforceRequestTimeout: false,
    socketFactory: ({ onConnect }) => {
      if (socket) throw connectionClosed('the connection was closed')
      const opened = (socket = new LightSocket({ tls, sockets, foreign }).connect(address.port, address.host))
      opened.once('connect', onConnect)
      opened.once('error', (error: Error) => {
        broken ??= error
      })
      opened.once('close', () => closed.reject(broken ?? connectionClosed('it closed the connection')))
      // as much of a socket as kafkajs needs
      return opened as unknown as Socket
    },
  }).admin({ retry: { retries: 0 } })
  try {
    await within(connectTimeoutMs, () => Promise.race([admin.connect(), closed.promise]))
    const link = new Link(socket!, address, connectTimeoutMs, onFault)
    link.onClose = () => void admin.disconnect().catch(() => {})
    return link
  } catch (error) {
    // in the next turn, the socket knows better than kafkajs what happened
    await new Promise((resolve) => setImmediate(resolve))
    socket?.destroy()
    admin.disconnect().catch(() => {})
    throw connectError(broken ?? error, address, access)
  }
}

/** What is wrong with the first bytes of an answer, if they are not Kafka's. */
function foreign(data: Buffer): Error | undefined {
  if (data.length < 4) return undefined
  const sizeBytes = data.readInt32BE(0)
  if (sizeBytes >= 4 && sizeBytes <= largestAnswerBytes) return undefined
  return data[0] === tlsAlert
    ? errorWithCode('TLS_EXPECTED', 'it answers with TLS')
    : errorWithCode('NOT_KAFKA', 'the answer is not that of a Kafka broker')
}
