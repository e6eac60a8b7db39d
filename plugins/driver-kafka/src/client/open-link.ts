import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import kafkajs, { type SASLOptions } from 'kafkajs'
import { connectError, fault } from '../connect-error.ts'
import { largestAnswerBytes, Link } from './link.ts'
import { quietTimers } from './quiet-timers.ts'
import { formatAddress, type Address } from '../target.ts'
import { clientId } from '../wire/writer.ts'

/** How to connect to a broker. */
export interface Access {
  readonly tls: ConnectionOptions | undefined
  readonly sasl: SASLOptions | undefined
  readonly connectTimeoutMs: number
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
  const { tls, sasl, connectTimeoutMs } = access
  quietTimers()
  let socket: Socket | undefined
  let broken: Error | undefined
  const closed = Promise.withResolvers<never>()
  closed.promise.catch(() => {})
  const admin = new kafkajs.Kafka({
    clientId,
    brokers: [formatAddress(address)],
    ...(tls !== undefined && { ssl: tls }),
    ...(sasl !== undefined && { sasl }),
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
    // connectTimeoutMs, below, applies
    connectionTimeout: connectTimeoutMs * 2,
    authenticationTimeout: connectTimeoutMs * 2,
    enforceRequestTimeout: false,
    socketFactory: ({ onConnect }) => {
      if (socket) throw fault('CONNECTION_CLOSED', 'the connection was closed')
      const opened = (socket = connectSocket(address, tls, onConnect))
      opened.once('data', (data: Buffer) => {
        const refused = foreign(data)
        if (refused) opened.destroy(refused)
      })
      opened.once('error', (error) => {
        broken ??= error
      })
      opened.once('close', () =>
        closed.reject(broken ?? fault('CONNECTION_CLOSED', 'it closed the connection')),
      )
      return opened
    },
  }).admin({ retry: { retries: 0 } })
  const limit = setTimeout(() => socket?.destroy(fault('ETIMEDOUT', 'no answer')), connectTimeoutMs)
  try {
    await Promise.race([admin.connect(), closed.promise])
    const link = new Link(socket!, address, connectTimeoutMs, onFault)
    link.onClose = () => void admin.disconnect().catch(() => {})
    return link
  } catch (error) {
    // in the next turn, the socket knows better than kafkajs what happened
    await new Promise((resolve) => setImmediate(resolve))
    socket?.destroy()
    admin.disconnect().catch(() => {})
    throw connectError(broken ?? error, address, access)
  } finally {
    clearTimeout(limit)
  }
}

function connectSocket(
  { host, port }: Address,
  tls: ConnectionOptions | undefined,
  onConnect: () => void,
): Socket {
  if (tls === undefined) return connectTcp({ host, port, noDelay: true }, onConnect)
  const socket = connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...tls }, onConnect)
  socket.setNoDelay(true)
  return socket
}

/** What is wrong with the first bytes of an answer, if they are not Kafka's. */
function foreign(data: Buffer): Error | undefined {
  if (data.length < 4) return undefined
  const sizeBytes = data.readInt32BE(0)
  if (sizeBytes >= 4 && sizeBytes <= largestAnswerBytes) return undefined
  return data[0] === tlsAlert
    ? fault('TLS_EXPECTED', 'it answers with TLS')
    : fault('NOT_KAFKA', 'the answer is not that of a Kafka broker')
}
