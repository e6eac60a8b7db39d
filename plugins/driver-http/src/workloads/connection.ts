import { setImmediate as turn } from 'node:timers/promises'
import type { Connection, DriverContext } from '@cloudbench/core'
import { Client } from 'undici'
import { connectError } from '../connect-error.ts'
import { Exchange, type ExchangeOwner } from './exchange.ts'
import { createJudge } from '../outcomes.ts'
import { toFailure } from '../client/failure.ts'
import { createOpener } from '../client/opener.ts'
import type { HttpOptions } from '../options.ts'
import { planRequest } from '../payload.ts'
import { parseTarget, serverNameOf } from '../target.ts'
import { sharedTls } from '../client/tls.ts'

/** The host ends requests that take too long, and knows how long that is. */
const noTimeouts = { headersTimeout: 0, bodyTimeout: 0 }

/** Idle connections are the server's to close. */
const keepAliveTimeout = 600_000

/** Opens one connection, and keeps it for one request after another. */
export async function connect(context: DriverContext<HttpOptions>): Promise<Connection> {
  const { options, bytes } = context
  const target = parseTarget(context.target)
  const servername = serverNameOf(target, options.tls)
  const plan = planRequest(options, target, target.isTls ? servername : undefined)
  const reopened = context.counter('connections reopened')
  const opener = createOpener({
    target,
    http: options,
    servername,
    tls: target.isTls ? await sharedTls(context) : undefined,
    onReopen: () => reopened.add(1),
  })
  try {
    await opener.openFirst(context.signal)
  } catch (error) {
    throw connectError(error, target)
  }
  const client = new Client(target.origin, {
    ...noTimeouts,
    keepAliveTimeout,
    pipelining: options.keepAlive ? options.pipelining : 0,
    connect: opener.connect,
  })
  const free: Exchange[] = []
  const owner: ExchangeOwner = {
    judge: createJudge(options.expect, context.outcome),
    bytes,
    answered(exchange) {
      opener.answered()
      free.push(exchange)
    },
    failed(error) {
      opener.stop()
      return toFailure(error)
    },
  }
  return {
    streams: options.pipelining,
    issue(slot) {
      const exchange = free.pop() ?? new Exchange(owner, plan.createWriter())
      exchange.slot = slot
      const parts = exchange.write(slot)
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
