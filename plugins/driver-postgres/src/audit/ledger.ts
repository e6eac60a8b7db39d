import type { Shareable, TaskContext } from '@cloudbench/core'
import type { PostgresOptions } from '../options.ts'

/** Beyond that many writes, the later ones are not audited: the books must not outgrow the load. */
const auditedWrites = 50_000_000

const fate = { unknown: 0, acknowledged: 1, refused: 2 } as const

/**
 * What became of the writes of one worker, as far as it was told. Every write has a number, from 1, that is stored with
 * it, together with the number of the worker's books, which no other run has.
 */
export interface WriteLedger extends Shareable {
  /** Of these books. */
  readonly writer: number
  /** The number of the next write; its fate is unknown until the server says. */
  begin(): number
  acknowledged(sequence: number): void
  /** The server has refused it, so it must not be there. */
  refused(sequence: number): void
  /** How many numbers were given out, as far as they are audited. */
  readonly begun: number
  isAcknowledged(sequence: number): boolean
  isRefused(sequence: number): boolean
}

/** The books of a flow in this worker, for all its connections and the audit. */
export async function sharedLedger({ flow, share }: TaskContext<PostgresOptions>): Promise<WriteLedger> {
  return await share(`postgres ledger ${flow}`, createWriteLedger)
}

function createWriteLedger(): WriteLedger {
  let fates = new Uint8Array(65_536)
  let last = 0
  const note = (sequence: number, noted: number): void => {
    if (sequence < fates.length) fates[sequence] = noted
  }
  return {
    writer: 1 + Math.floor(Math.random() * 2 ** 48),
    begin() {
      last++
      if (last === fates.length && last < auditedWrites) {
        const more = new Uint8Array(Math.min(auditedWrites, last * 2))
        more.set(fates)
        fates = more
      }
      return last
    },
    acknowledged: (sequence) => note(sequence, fate.acknowledged),
    refused: (sequence) => note(sequence, fate.refused),
    get begun() {
      return Math.min(last, fates.length - 1)
    },
    isAcknowledged: (sequence) => fates[sequence] === fate.acknowledged,
    isRefused: (sequence) => fates[sequence] === fate.refused,
    close() {},
  }
}
