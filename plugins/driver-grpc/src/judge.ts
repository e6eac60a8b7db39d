import type { DriverContext, Outcome } from '@cloudbench/core'
import type { Verifier } from './expectation.ts'
import type { Ledger } from './ledger.ts'
import type { ExpectOptions } from './options.ts'
import { status, statusNames } from './status.ts'

/** Says how a call counts. */
export interface Judge {
  /** Whether answers have to be kept for `accepts`. */
  readonly verifies: boolean
  /** Whether one message of an answer is what was expected; it is entered in the books. */
  accepts(message: Uint8Array, sent: readonly string[]): boolean
  /** The same for an answer in JSON form. */
  acceptsJson(text: string, sent: readonly string[]): boolean
  /** The outcome of a call that ended with a status, after that many messages, all of them accepted or not. */
  end(code: number, messages: number, accepted: boolean): Outcome
}

/** Interns one outcome for each status when it is first seen, and one for answers that are not as expected. */
export function createJudge(
  expect: ExpectOptions,
  outcome: DriverContext['outcome'],
  verifier: Verifier | undefined,
  ledger: Ledger,
): Judge {
  const expected = new Set<string>([expect.status].flat())
  const expectedMessages = expect.messages
  const byCode: (Outcome | undefined)[] = Array.from({ length: statusNames.length })
  const ofCode = (code: number): Outcome => {
    const name = statusNames[code] ?? 'UNKNOWN'
    // what a server makes up beyond the protocol counts as unknown
    const at = code in statusNames ? code : status.unknown
    return (byCode[at] ??= outcome(name, { ok: expected.has(name) }))
  }
  ofCode(status.ok)
  const mismatch =
    verifier || expectedMessages !== undefined ? outcome('unexpected answer', { ok: false }) : undefined
  const enter = (fault: string | undefined): boolean => {
    if (fault === undefined) ledger.right()
    else ledger.wrong(fault)
    return fault === undefined
  }
  return {
    verifies: verifier !== undefined,
    accepts: (message, sent) => enter(verifier!.check(message, sent)),
    acceptsJson: (text, sent) => enter(verifier!.checkJson(text, sent)),
    end(code, messages, accepted) {
      const found = ofCode(code)
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
