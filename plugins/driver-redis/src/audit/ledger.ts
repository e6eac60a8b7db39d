import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'
import { finding } from '@cloudbench/driver-kit'
import type { RedisOptions } from '../options.ts'
import type { ValueInfo } from '../payload/keyspace.ts'

/** Of more keys than this only the first are audited: the ledger must not outgrow the load. */
const auditedKeys = 1_000_000

/**
 * The writes acknowledged to one worker. Each connection writes to its own keys, and Redis runs the commands of a
 * connection in order. So for each key the last acknowledged write, or one sent after it, must be stored.
 */
export interface Ledger extends Shareable {
  /** Higher than any earlier write's, earlier runs included. */
  nextSequence(): number
  acknowledged(index: number, writer: number, sequence: number): void
  /** A write whose fate is unknown: it may still arrive, even after later ones. */
  lost(index: number): void
  /** Keys with an acknowledged write. */
  written(): readonly number[]
  /** Compares what is stored with what was acknowledged. */
  compare(index: number, stored: ValueInfo | 'missing' | 'foreign'): void
  findings(): readonly AuditResult[]
}

/** The ledger of a flow in this worker, for all of its connections and the audit. */
export async function sharedLedger({ options, flow, share }: TaskContext<RedisOptions>): Promise<Ledger> {
  return await share(`redis ledger ${flow}`, () => createLedger(options.keys))
}

export function createLedger(keys: number): Ledger {
  const size = Math.min(keys, auditedKeys)
  const sequences = new Float64Array(size)
  const writers = new Uint32Array(size)
  const uncertain = new Uint8Array(size)
  // microseconds: a later run starts higher, unless one worker sustains a million writes a second
  let sequence = Date.now() * 1_000
  let examined = 0
  let missing = 0
  let wrong = 0
  let example = ''
  const isExpected = (index: number, stored: ValueInfo): boolean =>
    stored.index === index &&
    (uncertain[index] === 1 || (stored.writer === writers[index] && stored.sequence >= sequences[index]!))
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
    compare(index, stored) {
      examined++
      if (stored === 'missing') {
        missing++
        return
      }
      if (stored !== 'foreign' && isExpected(index, stored)) return
      wrong++
      example ||=
        stored === 'foreign'
          ? `key ${index} has a value that was not written by this run`
          : `key ${index} has ${stored.writer === 0 ? 'the value it was preloaded with' : `write ${stored.sequence} of connection ${stored.writer - 1}`}, but the last acknowledged is ${sequences[index]} of connection ${writers[index]! - 1}`
    },
    findings: () => [
      finding('acknowledged writes are stored', examined, missing, `${missing} keys are gone`),
      finding('what is stored is the last acknowledged write', examined - missing, wrong, example),
    ],
    close() {},
  }
}
