import type { RequestsDelta } from '../metrics/requests.ts'
import type { Outcome } from '../plugin/driver.ts'
import type { RequestSlot } from './slots.ts'

/**
 * Sees every request of a flow when it ends: the request log, and the trace. Without one, a request costs nothing more.
 */
export interface RequestObserver {
  /**
   * The slot still says when the request was due and sent. `doneMs` is on the same clock. Called per request: it must
   * neither throw nor allocate.
   */
  ended(slot: RequestSlot, outcome: Outcome | 'timedOut' | 'unanswered', doneMs: number): void
  /** What to report of the requests that have ended since the last report, with times since `startMs`. */
  drain?(startMs: number): RequestsDelta
}
