import type { DriverContext, Slot } from '@cloudbench/core'
import { lostConnection } from '@cloudbench/driver-kit'
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
    lost: (error) => (cause ??= lostConnection(fault() ?? error, nameOf)),
  }
}

/** pg's parser throws errors without a code. */
function nameOf({ code, message }: NodeJS.ErrnoException): string | undefined {
  const isGarbage = code === undefined && /invalid response|unexpected .* message/i.test(message)
  return isGarbage ? 'INVALID_RESPONSE' : undefined
}
