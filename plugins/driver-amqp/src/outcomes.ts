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

/** What a broker says of a message that it did not accept. */
interface State {
  readonly constructor: { readonly composite_type?: string }
  readonly error?: { readonly condition?: string; readonly description?: string }
  readonly delivery_failed?: boolean
  readonly undeliverable_here?: boolean
}

export function createOutcomes(outcome: DriverContext['outcome']): Outcomes {
  return {
    sent: outcome('sent'),
    accepted: outcome('accepted'),
    received: outcome('received'),
    refused(state) {
      const { name, reason } = refusalOf(state)
      const refused = outcome(name, { ok: false })
      refused.example ??= reason
      return refused
    },
  }
}

/** The condition of a refusal, or its kind where the broker names none, and what it says about it. */
export function refusalOf(given: Delivery['remote_state']): {
  readonly name: string
  readonly reason: string
} {
  const state = (given ?? {}) as State
  const { condition, description } = state.error ?? {}
  const how = [
    state.delivery_failed === true ? 'delivery failed' : '',
    state.undeliverable_here === true ? 'undeliverable here' : '',
  ].filter(Boolean)
  return {
    name: condition ?? state.constructor.composite_type ?? 'no outcome',
    reason: description ?? (how.length === 0 ? 'the broker gave no reason' : how.join(', ')),
  }
}
