import type { Connection, DriverContext } from '@cloudbench/core'
import { connectionClosed, lostConnection, sharedReadings } from '@cloudbench/driver-kit'
import type { Cluster, Redis } from 'ioredis'
import { sharedLedger } from '../audit/ledger.ts'
import { openClient, type OpenClient } from '../client/client.ts'
import type { RedisOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { createKeyspace } from '../payload/keyspace.ts'
import { Exchange, type ExchangeOwner } from './exchange.ts'
import { createPlanner } from './planner.ts'

/** Opens one connection, and sends one GET or SET after another on it. */
export async function connect(context: DriverContext<RedisOptions>): Promise<Connection> {
  const { options, bytes } = context
  const ledger = await sharedLedger(context)
  const planner = createPlanner(context, ledger)
  const opened = await openClient(context, context.sockets)
  const free: Exchange[] = []
  const owner: ExchangeOwner = {
    outcomes: createOutcomes(options, context.outcome),
    keyspace: createKeyspace(options),
    ledger,
    writer: context.connection.index + 1,
    readings: options.verify ? await sharedReadings(context) : undefined,
    answered(exchange, bytesReceived) {
      bytes.received += bytesReceived
      free.push(exchange)
    },
    failure: (error) => lostConnection(opened.fault() ?? error),
  }
  const send = options.cluster
    ? clusterSender(opened as OpenClient<Cluster>, owner)
    : (exchange: Exchange) => void (opened.client as Redis).sendCommand(exchange)
  const lost = (): void => context.lost(owner.failure(connectionClosed()))
  opened.client.once('end', lost)
  // it may have ended before this
  if (opened.client.status === 'end') lost()
  return {
    streams: options.pipelining,
    // a cluster's client opens connections to nodes as it needs them, and a server may accept one and then refuse it
    reportsSockets: true,
    issue(slot) {
      planner.next(slot)
      const exchange = free.pop() ?? new Exchange(owner)
      if (planner.isRead) exchange.prepareRead(slot, planner.index)
      else {
        exchange.prepareWrite(slot, planner.index, planner.sequence)
        bytes.sent += options.valueSize
      }
      send(exchange)
    },
    close: opened.close,
  }
}

/** A cluster client picks the node by the key and follows redirects, so it needs ordinary commands. */
function clusterSender(
  { client }: OpenClient<Cluster>,
  { keyspace, writer }: ExchangeOwner,
): (exchange: Exchange) => void {
  return (exchange) => {
    const { isRead, index, sequence } = exchange
    const reply: Promise<unknown> = isRead
      ? client.getBuffer(keyspace.keyOf(index))
      : client.set(keyspace.keyOf(index), keyspace.valueOf(index, writer, sequence))
    reply.then(exchange.resolve, exchange.reject)
  }
}
