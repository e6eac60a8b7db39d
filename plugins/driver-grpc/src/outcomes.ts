import type { DriverContext, Outcome } from '@cloudbench/core'
import type { Readings } from '@cloudbench/driver-kit'
import type { ExpectOptions } from './options.ts'
import { status, statusNames } from './wire/status.ts'
import type { Verifier } from './workloads/verifier.ts'

/** The outcomes of calls. */
export interface Outcomes {
  /** Whether answers must be kept for `accepts`. */
  readonly verifies: boolean
  /**
   * Whether one message of an answer is what was expected; enters it in the ledger.
   * @param turn Which of the messages in the options it answers.
   * @param sent The generated texts of that message.
   */
  accepts(message: Uint8Array, turn: number, sent: readonly string[]): boolean
  /** The same for an answer in JSON form. */
  acceptsJson(text: string, turn: number, sent: readonly string[]): boolean
  /**
   * The outcome of a call that ended with this status after this many messages, all of them accepted or not.
   * @param details What the server said about the status.
   */
  end(code: number, messages: number, accepted: boolean, details: string | Buffer): Outcome
}

const exampleLength = 280

/** Interns one outcome per status when it is first seen, and one for unexpected answers. */
export function createOutcomes(
  expect: ExpectOptions,
  outcome: DriverContext['outcome'],
  verifiers: readonly (Verifier | undefined)[],
  ledger: Readings,
): Outcomes {
  const verifies = verifiers[0] !== undefined
  const expected = new Set<string>([expect.status].flat())
  const expectedMessages = expect.messages
  const byCode: (Outcome | undefined)[] = Array.from({ length: statusNames.length })
  const ofCode = (code: number): Outcome => {
    const name = statusNames[code] ?? 'UNKNOWN'
    // codes outside the protocol count as UNKNOWN
    const at = code in statusNames ? code : status.unknown
    return (byCode[at] ??= outcome(name, { ok: expected.has(name) }))
  }
  ofCode(status.ok)
  const mismatch =
    verifies || expectedMessages !== undefined ? outcome('unexpected answer', { ok: false }) : undefined
  const enter = (fault: string | undefined): boolean => {
    if (fault === undefined) ledger.right()
    else {
      ledger.wrong(() => fault)
      mismatch!.example ??= fault.slice(0, exampleLength)
    }
    return fault === undefined
  }
  return {
    verifies,
    accepts: (message, turn, sent) => enter(verifiers[turn]!.check(message, sent)),
    acceptsJson: (text, turn, sent) => enter(verifiers[turn]!.checkJson(text, sent)),
    end(code, messages, accepted, details) {
      const found = ofCode(code)
      if (!found.ok && found.example === undefined) found.example = exampleOf(found.name, details)
      if (code !== status.ok || !found.ok || mismatch === undefined) return found
      if (expectedMessages !== undefined) {
        const isRight = messages === expectedMessages
        enter(isRight ? undefined : `${messages} messages instead of ${expectedMessages}`)
        if (!isRight) return mismatch
      }
      return accepted ? found : mismatch
    },
  }
}

function exampleOf(name: string, details: string | Buffer): string {
  const start = details.slice(0, exampleLength).toString().trim()
  return start === '' ? name : `${name}: ${start}`
}
