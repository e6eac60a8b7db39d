import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { connectionClosed, tlsTo, within } from '@cloudbench/driver-kit'
import kafkajs, { type ISocketFactory, type Kafka } from 'kafkajs'
import type { Cluster } from '../../client/cluster.ts'
import type { Loss } from '../../client/loss.ts'
import { quietTimers } from '../../client/quiet-timers.ts'
import { formatAddress } from '../../target.ts'
import { clientId } from '../../wire/writer.ts'

/** A client of kafkajs, and the sockets that it opens. */
export interface Client {
  readonly kafka: Kafka
  /** Takes leave of the brokers if they still listen, and closes what is left open. */
  close(leave: () => Promise<unknown>): Promise<void>
}

/** As kafkajs itself sets it. */
const keepAliveMs = 60_000
/** A broker that is asked to wait for messages answers within this time, if it still answers. */
const leaveLimitMs = 2_000

/**
 * As an application creates it, but that nothing is tried again: a request that fails is to be seen. kafkajs says nothing
 * of its connections, so they are opened here, as it opens them, and counted; the first that closes ends the connection.
 */
export function createClient({ target, access }: Cluster, loss: Loss): Client {
  const { tls, sasl, connectTimeoutMs, sockets } = access
  quietTimers()
  const open = new Set<Socket>()
  let isLeaving = false
  let isClosed = false
  const openSocket: ISocketFactory = ({ host, port, onConnect }) => {
    if (isClosed || loss.error) throw connectionClosed('the connection was closed')
    const socket =
      tls === undefined
        ? connectTcp({ host, port }, onConnect)
        : connectTls({ port, ...tlsTo(host, tls) }, onConnect)
    socket.setKeepAlive(true, keepAliveMs)
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.once('connect', () => {
      sockets?.opened()
      const lost = (error: Error | false = false): void => {
        // before kafkajs hears of it, and opens another
        if (!isLeaving) loss.report(error || connectionClosed('the broker closed the connection'))
      }
      socket.once('error', lost).once('end', lost)
      socket.once('close', () => {
        sockets?.closed()
        lost()
      })
    })
    return socket
  }
  const kafka = new kafkajs.Kafka({
    clientId,
    brokers: target.addresses.map(formatAddress),
    ...(tls !== undefined && { ssl: tls }),
    ...(sasl !== undefined && { sasl }),
    connectionTimeout: connectTimeoutMs,
    authenticationTimeout: connectTimeoutMs,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
    socketFactory: openSocket,
  })
  return {
    kafka,
    async close(leave) {
      isLeaving = true
      const left = loss.error ? undefined : within(leaveLimitMs, async () => await leave())
      await left?.catch(() => {})
      isClosed = true
      const closed = Array.from(open, (socket) => new Promise((resolve) => socket.once('close', resolve)))
      // with an error: kafkajs does not notice otherwise, and its timers go on
      for (const socket of open) socket.destroy(connectionClosed())
      await Promise.all(closed)
      // stops what it would do again by itself
      if (left === undefined) void leave().catch(() => {})
    },
  }
}
