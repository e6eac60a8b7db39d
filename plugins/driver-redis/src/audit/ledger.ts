import type { AuditResult, Shareable } from '@cloudbench/core'
import type { ValueInfo } from '../payload/keyspace.ts'

/** Beyond that many keys, only the first ones are audited: the books must not outgrow the load. */
const auditedKeys = 1_000_000

/**
 * What was acknowledged to one worker. Every connection writes to keys of its own, and Redis runs the commands of a
 * connection in order, so for each key the last acknowledged write, or one sent after it, has to be what is stored.
 */
export interface WriteLedger extends Shareable {
  /** Higher than that of every write before, also of runs before. */
  nextSequence(): number
  acknowledged(index: number, writer: number, sequence: number): void
  /** A write whose fate is unknown: it may still arrive, after later ones. */
  lost(index: number): void
  /** Keys with an acknowledged write. */
  written(): readonly number[]
  /** Holds what is stored against the books. */
  judge(index: number, stored: ValueInfo | 'missing' | 'foreign'): void
  findings(): readonly AuditResult[]
}

export function createWriteLedger(keys: number): WriteLedger {
  const size = Math.min(keys, auditedKeys)
  const sequences = new Float64Array(size)
  const writers = new Uint32Array(size)
  const uncertain = new Uint8Array(size)
  // microseconds, so that a later run begins higher, unless a worker keeps up a million writes a second
  let sequence = Date.now() * 1_000
  let examined = 0
  let missing = 0
  let wrong = 0
  let example: string | undefined
  return {
    nextSequence: () => ++sequence,
    acknowledged(index, writer, acknowledged) {
      if (index >= size) return
      sequences[index] = acknowledged
      writers[index] = writer
    },
    lost(index) {
      if (index < size) uncertain[index] = 1
    },
    written() {
      const indices: number[] = []
      for (let index = 0; index < size; index++) if (sequences[index]! > 0) indices.push(index)
      return indices
    },
    judge(index, stored) {
      examined++
      if (stored === 'missing') {
        missing++
        return
      }
      const isRight =
        stored !== 'foreign' &&
        stored.index === index &&
        (uncertain[index] === 1 || (stored.writer === writers[index] && stored.sequence >= sequences[index]!))
      if (isRight) return
      wrong++
      example ??=
        stored === 'foreign'
          ? `key ${index} has a value that nobody of this run wrote`
          : `key ${index} has write ${stored.sequence} of connection ${stored.writer - 1}, and ${sequences[index]} of ${writers[index]! - 1} was acknowledged`
    },
    findings: () => [
      finding('acknowledged writes are stored', examined, missing, `${missing} keys are gone`),
      finding('what is stored is the last acknowledged write', examined - missing, wrong, example ?? ''),
    ],
    close() {},
  }
}

function finding(name: string, examined: number, violations: number, message: string): AuditResult {
  if (examined === 0 && violations === 0) return { name, status: 'skipped', examined, violations }
  return violations > 0
    ? { name, status: 'failed', examined, violations, message }
    : { name, status: 'passed', examined, violations }
}
