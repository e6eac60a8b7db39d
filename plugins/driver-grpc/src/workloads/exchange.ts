import type { ByteCount, Slot } from '@cloudbench/core'
import type { Lane } from '../lanes/lane.ts'
import type { Outcomes } from '../outcomes.ts'
import type { Sendable } from '../payload/sendable.ts'

/** What all exchanges of a connection share. */
export interface ExchangeOwner {
  readonly lane: Lane
  readonly outcomes: Outcomes
  readonly bytes: ByteCount
  /** Sent in turn. */
  readonly sendables: readonly Sendable[]
  /** The call has ended; the exchange can be reused. */
  answered(exchange: Exchange): void
  /** The connection is dead; nothing more is sent on it. */
  lost(error: Error): void
}

/** A call and its answer. Made once, and reused for one call after another. */
export interface Exchange {
  issue(slot: Slot): void
}

/** Says what is wrong with an answer that is OK and has not exactly one message. */
export function brokenBy(messages: number): string {
  return `OK with ${messages} messages instead of one`
}
