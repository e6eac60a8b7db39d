import type { AuditResult } from '@cloudbench/core'
import type { Ledger } from './ledger.ts'

/** What is stored of one write. */
export interface Stored {
  readonly sequence: number
  readonly copies: number
  readonly isIntact: boolean
}

/** Compares what is stored with what was acknowledged. */
export interface Judge {
  see(stored: Stored): void
  results(): readonly AuditResult[]
}

/** What is judged. */
export interface Subject {
  readonly what: string
  /** How many rows one write leaves. */
  readonly copies: number
  /** Whether the rows show if they are as they were sent. */
  readonly hasContent: boolean
}

export function createJudge(ledger: Ledger, { copies, what, hasContent }: Subject): Judge {
  const { begun } = ledger
  const isSeen = new Uint8Array(begun + 1)
  let seen = 0
  let repeated = 0
  let partial = 0
  let damaged = 0
  let unwanted = 0
  return {
    see(stored) {
      if (stored.sequence > begun) return
      seen++
      isSeen[stored.sequence] = 1
      if (stored.copies > copies) repeated++
      if (stored.copies < copies) partial++
      if (!stored.isIntact) damaged++
      if (ledger.isRefused(stored.sequence)) unwanted++
    },
    results() {
      const { acknowledged, missing, refused, example } = compare(ledger, isSeen)
      const gone = `${missing} ${what} are gone; the first is write ${example} of writer ${ledger.writer}`
      return [
        resultOf(`acknowledged ${what} are stored`, acknowledged, missing, gone),
        resultOf(`${what} are stored once`, seen, repeated, `${repeated} ${what} are stored more than once`),
        hasContent
          ? resultOf(`${what} are as they were sent`, seen, damaged, `${damaged} ${what} are damaged`)
          : resultOf(`${what} are stored whole`, seen, partial, `${partial} ${what} are stored only in part`),
        resultOf(
          `refused ${what} are not stored`,
          refused,
          unwanted,
          `${unwanted} ${what} are stored although they were refused`,
        ),
      ]
    },
  }
}

interface Comparison {
  readonly acknowledged: number
  readonly refused: number
  /** Of the acknowledged ones. */
  readonly missing: number
  /** The first that is missing. */
  readonly example: number
}

function compare(ledger: Ledger, isSeen: Uint8Array): Comparison {
  let acknowledged = 0
  let missing = 0
  let refused = 0
  let example = 0
  for (let sequence = 1; sequence <= ledger.begun; sequence++) {
    if (ledger.isRefused(sequence)) refused++
    if (!ledger.isAcknowledged(sequence)) continue
    acknowledged++
    if (isSeen[sequence] === 1) continue
    missing++
    if (example === 0) example = sequence
  }
  return { acknowledged, missing, refused, example }
}

export function resultOf(name: string, examined: number, violations: number, message: string): AuditResult {
  if (examined === 0 && violations === 0) return { name, status: 'skipped', examined, violations }
  return violations > 0
    ? { name, status: 'failed', examined, violations, message }
    : { name, status: 'passed', examined, violations }
}
