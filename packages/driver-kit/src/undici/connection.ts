import { setImmediate as turn } from 'node:timers/promises'
import type { Connection, DriverContext } from '@cloudbench/core'
import { Client } from 'undici'
import { sharedTls } from '../connect/tls.ts'
import type { TlsFiles } from '../options/tls.ts'
import { Exchange, type ExchangeOwner, type Judge, type RequestWriter } from './exchange.ts'
import { undiciFailure } from './failure.ts'
import { createOpener } from './opener.ts'

/** Idle connections are the server's to close. */
const keepAliveTimeout = 600_000

/** The options of a workload that a connection needs. */
interface ConnectOptions {
  readonly connectTimeoutMs: number
  readonly tls?: TlsFiles | undefined
}

/** How requests are sent on a connection, and how their answers count. */
export interface HttpPlan<Writer extends RequestWriter> {
  /** Such as `https://example.com:8443`. */
  readonly origin: string
  /** How many requests may be in flight at once. */
  readonly streams: number
  /** False opens a connection for each request. @default true */
  readonly keepAlive?: boolean
  /** How long headers may take. @default 0: the host ends requests that take too long */
  readonly headersTimeoutMs?: number
  /** @default no limit */
  readonly maxResponseBytes?: number
  readonly judge: Judge<Writer>
  /** Names of outcomes by the codes of undici, beside those that mean the same everywhere. */
  readonly failureNames?: Readonly<Record<string, string>>
  createWriter(): Writer
  /** Says why the target cannot be reached. */
  connectError(error: unknown): Error
}

/** Opens one connection of undici's, and keeps it for one request after another. */
export async function openHttpConnection<Writer extends RequestWriter>(
  context: DriverContext<ConnectOptions>,
  plan: HttpPlan<Writer>,
): Promise<Connection> {
  const { options, bytes } = context
  const { origin, streams, keepAlive = true, judge } = plan
  const reopened = context.counter('connections reopened')
  const opener = createOpener({
    origin,
    connectTimeoutMs: options.connectTimeoutMs,
    tls: origin.startsWith('https:') ? await sharedTls(context) : undefined,
    onReopen: () => reopened.add(1),
  })
  try {
    await opener.openFirst(context.signal)
  } catch (error) {
    throw plan.connectError(undiciFailure(error))
  }
  const client = new Client(origin, {
    headersTimeout: plan.headersTimeoutMs ?? 0,
    bodyTimeout: 0,
    maxResponseSize: plan.maxResponseBytes ?? -1,
    keepAliveTimeout,
    pipelining: keepAlive ? streams : 0,
    connect: opener.connect,
  })
  const free: Exchange<Writer>[] = []
  const owner: ExchangeOwner<Writer> = {
    judge,
    bytes,
    answered(exchange) {
      opener.answered()
      free.push(exchange)
    },
    failed(error) {
      opener.stop()
      return undiciFailure(error, plan.failureNames)
    },
  }
  return {
    streams,
    issue(slot) {
      const exchange = free.pop() ?? new Exchange(owner, plan.createWriter())
      exchange.slot = slot
      const parts = exchange.writer.write(slot)
      if (parts.body !== null) bytes.sent += parts.body.length
      client.dispatch(parts, exchange)
    },
    async close() {
      opener.stop()
      // the host may close from within a failed request, while undici is still at work on its queue
      await turn()
      await client.destroy()
    },
  }
}
