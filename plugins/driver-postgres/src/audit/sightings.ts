import type { AuditResult } from '@cloudbench/core'
import { finding } from '@cloudbench/driver-kit'
import type { Ledger } from './ledger.ts'

/** How writes are stored that follow one another. */
export interface Stored {
  /** The numbers of the first and the last one. */
  readonly first: number
  readonly last: number
  /** Of each. */
  readonly copies: number
  readonly isIntact: boolean
}

/** What was found in a table, compared with what was acknowledged. */
export interface Sightings {
  add(stored: Stored): void
  findings(): readonly AuditResult[]
}

/** What is looked for. */
export interface Subject {
  readonly what: string
  /** How many rows one write leaves. */
  readonly copies: number
  /** Whether the rows show if they are as they were sent. */
  readonly hasContent: boolean
}

export function createSightings(ledger: Ledger, { copies, what, hasContent }: Subject): Sightings {
  const { begun } = ledger
  const isSeen = new Uint8Array(begun + 1)
  let seen = 0
  let repeated = 0
  let partial = 0
  let damaged = 0
  let unwanted = 0
  return {
    add({ first, last, copies: found, isIntact }) {
      for (let sequence = first; sequence <= Math.min(last, begun); sequence++) {
        seen++
        isSeen[sequence] = 1
        if (found > copies) repeated++
        if (found < copies) partial++
        if (!isIntact) damaged++
        if (ledger.isRefused(sequence)) unwanted++
      }
    },
    findings() {
      let acknowledged = 0
      let refused = 0
      let missing = 0
      let example = 0
      for (let sequence = 1; sequence <= begun; sequence++) {
        if (ledger.isRefused(sequence)) refused++
        if (!ledger.isAcknowledged(sequence)) continue
        acknowledged++
        if (isSeen[sequence] === 1) continue
        missing++
        example ||= sequence
      }
      const gone = `${missing} ${what} are gone; the first is write ${example} of writer ${ledger.writer}`
      const kept = `${unwanted} ${what} are stored although they were refused`
      return [
        finding(`acknowledged ${what} are stored`, acknowledged, missing, gone),
        finding(`${what} are stored once`, seen, repeated, `${repeated} ${what} are stored more than once`),
        hasContent
          ? finding(`${what} are as they were sent`, seen, damaged, `${damaged} ${what} are damaged`)
          : finding(`${what} are stored whole`, seen, partial, `${partial} ${what} are stored only in part`),
        finding(`refused ${what} are not stored`, refused, unwanted, kept),
      ]
    },
  }
}
