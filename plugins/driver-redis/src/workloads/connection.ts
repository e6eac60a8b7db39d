import type { Connection, DriverContext, Slot, TaskContext } from '@cloudbench/core'
import type { Cluster, Redis } from 'ioredis'
import { openClient, type OpenClient } from '../client/client.ts'
import { Exchange, type ExchangeOwner } from './exchange.ts'
import { createKeyspace } from '../payload/keyspace.ts'
import { createWriteLedger, type WriteLedger } from '../audit/ledger.ts'
import type { RedisOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { createPlanner, type Planner } from './planner.ts'

/** The books of a flow in this worker, for all its connections and the audit. */
export async function sharedLedger({
  options,
  flow,
  share,
}: TaskContext<RedisOptions>): Promise<WriteLedger> {
  return await share(`redis ledger ${flow}`, () => createWriteLedger(options.keys))
}

/** Opens one connection, and sends one GET or SET after another on it. */
export async function connect(context: DriverContext<RedisOptions>): Promise<Connection> {
  const { options, bytes } = context
  const ledger = await sharedLedger(context)
  const planner = createPlanner(context, ledger)
  const opened = await openClient(context)
  const free: Exchange[] = []
  const owner: ExchangeOwner = {
    outcomes: createOutcomes(options, context.outcome),
    keyspace: createKeyspace(options),
    ledger,
    writer: context.connection.index + 1,
    verify: options.verify,
    answered(exchange, bytesReceived) {
      bytes.received += bytesReceived
      free.push(exchange)
    },
    failure: (error) => deadConnection(opened.fault() ?? error),
  }
  const send = options.cluster
    ? clusterSender(opened as OpenClient<Cluster>, owner)
    : (exchange: Exchange) => void (opened.client as Redis).sendCommand(exchange)
  return {
    streams: options.pipelining,
    issue(slot) {
      planner.next(slot)
      const exchange = free.pop() ?? new Exchange(owner)
      prepare(exchange, slot, planner)
      if (!planner.isRead) bytes.sent += options.valueSize
      send(exchange)
    },
    close: opened.close,
  }
}

function prepare(exchange: Exchange, slot: Slot, { isRead, index, sequence }: Planner): void {
  if (isRead) exchange.prepareRead(slot, index)
  else exchange.prepareWrite(slot, index, sequence)
}

/** A cluster client finds the node by the key, follows redirections, and so needs ordinary commands. */
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

/** An error whose `code` says what happened on the wire; requests that fail are counted under it. */
function deadConnection(cause: Error): Error {
  const { code } = cause as NodeJS.ErrnoException
  if (code !== undefined) return cause
  return Object.assign(new Error(cause.message, { cause }), { code: 'CONNECTION_CLOSED' })
}
