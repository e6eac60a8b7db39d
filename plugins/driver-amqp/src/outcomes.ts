import type { DriverContext, Outcome } from '@cloudbench/core'

/** How requests can end. */
export interface Outcomes {
  /** At most once: it was sent. */
  readonly sent: Outcome
  readonly accepted: Outcome
  readonly received: Outcome
  /** The outcome of a message that the broker did not accept. */
  refused(refusal: Refusal): Outcome
}

/** What a broker says of a message that it did not accept. */
export interface Refusal {
  /** The condition, or the kind of the refusal where the broker names none. */
  readonly name: string
  readonly reason: string
}

/** What a refusal says that says nothing. */
export const noReason = 'the broker gave no reason'

/** Settled without saying how. */
export const noOutcome: Refusal = { name: 'no outcome', reason: noReason }

export function createOutcomes(outcome: DriverContext['outcome']): Outcomes {
  return {
    sent: outcome('sent'),
    accepted: outcome('accepted'),
    received: outcome('received'),
    refused({ name, reason }) {
      const refused = outcome(name, { ok: false })
      refused.example ??= reason
      return refused
    },
  }
}

/** What a broker means by `modified`. */
export function modified(isFailed: boolean, isUndeliverable: boolean): Refusal {
  const how = [isFailed ? 'delivery failed' : '', isUndeliverable ? 'undeliverable here' : ''].filter(Boolean)
  return { name: 'modified', reason: how.length === 0 ? noReason : how.join(', ') }
}
