import type { DriverContext, Outcome } from '@cloudbench/core'
import { sayReply } from './error-replies.ts'
import { errorName } from './wire/protocol-errors.ts'

/** An example is shown on a screen. */
const longestExample = 300

/** How requests can end. Each is declared when it is first read, so that a workload only reports its own. */
export interface Outcomes {
  readonly stored: Outcome
  /** Without acknowledgements, no one says whether it is stored. */
  readonly sent: Outcome
  readonly received: Outcome
  /** What was read back is not what was written. */
  readonly wrongValue: Outcome
  /** Offsets are missing between one fetch and the next. */
  readonly gap: Outcome
  /**
   * By the broker's error code, under the protocol's name for it.
   * @param said The broker's own words.
   */
  refused(code: number, said?: string): Outcome
}

export function createOutcomes(outcome: DriverContext['outcome']): Outcomes {
  const refusals = new Map<number, Outcome>()
  return {
    get stored() {
      return outcome('stored')
    },
    get sent() {
      return outcome('sent')
    },
    get received() {
      return outcome('received')
    },
    get wrongValue() {
      return outcome('wrong value', { ok: false })
    },
    get gap() {
      return outcome('gap', { ok: false })
    },
    refused(code, said) {
      const made = refusals.get(code) ?? outcome(errorName(code), { ok: false })
      refusals.set(code, made)
      made.example ??= `the broker refused it: ${sayReply(errorName(code), said)}`.slice(0, longestExample)
      return made
    },
  }
}
