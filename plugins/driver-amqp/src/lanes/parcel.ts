import type { Refusal } from '../outcomes.ts'

/** A message on its way to the broker, and what happens to it. Reused for one message after another. */
export interface Parcel {
  /** That of its request on the connection; messages carry it. */
  readonly number: number
  /** That of its request over all connections; 0 for one that no request waits for. */
  readonly index: number
  /** That of the message in flight, counted from 1. */
  sequence: number
  /** When it was sent, on the machine's clock. */
  sentMs: number
  /** At most once: it was sent. */
  left(): void
  accepted(): void
  refused(refusal: Refusal): void
}
