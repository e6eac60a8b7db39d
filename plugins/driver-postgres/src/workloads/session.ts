import type { DriverContext, Slot } from '@cloudbench/core'
import type { OpenClient } from '../client/client.ts'
import type { PostgresOptions } from '../options.ts'
import { createOutcomes, type Outcomes } from '../outcomes.ts'
import type { Exchange } from './exchange.ts'

/** What the senders of one connection share. */
export interface Session {
  readonly outcomes: Outcomes
  readonly context: DriverContext<PostgresOptions>
  /** Requests and batches without an answer. */
  inFlight: number
  send(exchange: Exchange): void
  /** The error of a request that will not be answered; its code says what happened to the connection. */
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
    // the first error says why; the ones after it only say that the connection is closed
    lost: (error) => (cause ??= withCode(fault() ?? error)),
  }
}

/** Failed requests are counted by code, and pg's errors for a closed connection have none. */
function withCode(cause: Error): Error {
  const { code } = cause as NodeJS.ErrnoException
  if (code !== undefined) return cause
  const isGarbage = /invalid response|unexpected .* message/i.test(cause.message)
  return Object.assign(new Error(cause.message, { cause }), {
    code: isGarbage ? 'INVALID_RESPONSE' : 'CONNECTION_CLOSED',
  })
}
