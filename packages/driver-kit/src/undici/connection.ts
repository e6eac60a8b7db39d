import { setImmediate as turn } from 'node:timers/promises'
import type { Connection, DriverContext } from '@cloudbench/core'
import { Client } from 'undici'
import { sharedTls } from '../connect/tls.ts'
import type { TlsFiles } from '../options/tls.ts'
import { Exchange, type ExchangeOwner, type Judge, type RequestWriter } from './exchange.ts'
import { isLoss, undiciFailure } from './failure.ts'
import { createOpener } from './opener.ts'
import type { Proxy } from './tunnel.ts'

/** Idle connections are the server's to close: as long as a timer takes, whatever `Keep-Alive` says. */
const longestMs = 2_147_483_647

/** What has no effect on a server may be sent again when the connection was lost before an answer began. */
const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** The options of a workload that a connection needs. */
interface ConnectOptions {
  readonly connectTimeoutMs: number
  readonly tls?: TlsFiles | undefined
}

/** How requests are sent on a connection, and how their answers count. */
export interface HttpPlan<Writer extends RequestWriter> {
  /** Such as `https://example.com:8443`. */
  readonly origin: string
  /** The Unix socket to connect to instead of host and port. */
  readonly socketPath?: string | undefined
  /** Without TLS, the paths of requests have to begin with their origin. */
  readonly proxy?: Proxy | undefined
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
  const { origin, streams, judge } = plan
  const reopened = context.counter('connections reopened')
  const resent = context.counter('resent')
  const opener = createOpener({
    origin,
    connectTimeoutMs: options.connectTimeoutMs,
    socketPath: plan.socketPath,
    proxy: plan.proxy,
    tls: origin.startsWith('https:') ? await sharedTls(context) : undefined,
    onReopen: () => reopened.add(1),
    sockets: context.sockets,
  })
  await opener.openFirst(context.signal).catch((error: unknown) => {
    throw plan.connectError(undiciFailure(error))
  })
  const client = new Client(origin, { ...settingsOf(plan), connect: opener.connect })
  let isClosed = false
  const free: Exchange<Writer>[] = []
  const owner: ExchangeOwner<Writer> = {
    judge,
    bytes,
    answered(exchange) {
      opener.answered()
      free.push(exchange)
    },
    resent: () => resent.add(1),
    sendsAgain(exchange, error, hasLeft) {
      if (isClosed || !opener.hasAnswered || !isLoss(error)) return false
      if (hasLeft && !safeMethods.has(exchange.parts!.method)) return false
      // not while undici is at work on its queue
      queueMicrotask(() => client.dispatch(exchange.parts!, exchange))
      return true
    },
    neverLeft: (error) => error === opener.refusal,
    failed(error, isInBody) {
      opener.stop()
      return undiciFailure(error, isInBody, plan.failureNames)
    },
  }
  return {
    reportsSockets: true,
    streams,
    issue(slot) {
      const exchange = free.pop() ?? new Exchange(owner, plan.createWriter())
      const parts = exchange.begin(slot)
      if (parts.body !== null) bytes.sent += parts.body.length
      client.dispatch(parts, exchange)
    },
    async close() {
      isClosed = true
      opener.stop()
      // the host may close from within a failed request, while undici is still at work on its queue
      await turn()
      await client.destroy()
    },
  }
}

function settingsOf<Writer extends RequestWriter>(plan: HttpPlan<Writer>): Client.Options {
  const { streams, keepAlive = true, headersTimeoutMs = 0, maxResponseBytes = -1 } = plan
  return {
    headersTimeout: headersTimeoutMs,
    bodyTimeout: 0,
    maxResponseSize: maxResponseBytes,
    keepAliveTimeout: longestMs,
    keepAliveMaxTimeout: longestMs,
    // added to what the server says, so that undici does not close first
    keepAliveTimeoutThreshold: -longestMs,
    pipelining: keepAlive ? streams : 0,
  }
}
