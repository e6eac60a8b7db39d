import type { DriverContext, Outcome } from '@cloudbench/core'
import type { Delivery } from 'rhea'

/** How requests can end. */
export interface Outcomes {
  /** At most once: it was sent. */
  readonly sent: Outcome
  readonly accepted: Outcome
  readonly received: Outcome
  /** The outcome of a message that the broker did not accept. */
  refused(state: Delivery['remote_state']): Outcome
}

interface State {
  readonly constructor: { readonly composite_type?: string }
  readonly error?: { readonly condition?: string; readonly description?: string }
}

export function createOutcomes(outcome: DriverContext['outcome']): Outcomes {
  return {
    sent: outcome('sent'),
    accepted: outcome('accepted'),
    received: outcome('received'),
    refused(state) {
      const { constructor: kind, error } = (state ?? {}) as State
      const refused = outcome(error?.condition ?? kind.composite_type ?? 'no outcome', { ok: false })
      refused.example ??= error?.description
      return refused
    },
  }
}
