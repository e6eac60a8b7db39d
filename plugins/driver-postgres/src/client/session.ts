import type { DriverContext, Slot } from '@cloudbench/core'
import type { OpenClient } from './client.ts'
import type { Exchange } from '../workloads/exchange.ts'
import { createOutcomes, type Outcomes } from '../outcomes.ts'
import type { PostgresOptions } from '../options.ts'

/** What everything that sends over one connection has in common. */
export interface Session {
  readonly outcomes: Outcomes
  readonly context: DriverContext<PostgresOptions>
  /** Requests and batches that are not answered. */
  inFlight: number
  send(exchange: Exchange): void
  /** An error for a request that will not be answered; its code says what happened to the connection. */
  lost(error: Error): Error
}

/** Sends one kind of request. */
export interface Sender {
  issue(slot: Slot): void
  close?(): void
}

export function createSession(
  context: DriverContext<PostgresOptions>,
  { client, fault }: OpenClient,
): Session {
  const isPreloaded = 'preload' in context.options && context.options.preload
  let cause: Error | undefined
  return {
    outcomes: createOutcomes(context.outcome, isPreloaded),
    context,
    inFlight: 0,
    send: (exchange) => void client.query(exchange),
    // what came first says more than that the connection is closed, which is all that comes after it
    lost: (error) => (cause ??= withCode(fault() ?? error)),
  }
}

/** Requests that fail are counted under the code. pg has errors without one for a connection that was closed. */
function withCode(cause: Error): Error {
  const { code } = cause as NodeJS.ErrnoException
  if (code !== undefined) return cause
  const isGarbage = /invalid response|unexpected .* message/i.test(cause.message)
  return Object.assign(new Error(cause.message, { cause }), {
    code: isGarbage ? 'INVALID_RESPONSE' : 'CONNECTION_CLOSED',
  })
}
