import type { Shareable, TaskContext } from '@cloudbench/core'
import type { PostgresOptions } from '../options.ts'

/** Writes beyond that many are not audited: the ledger must not outgrow the load. */
const auditedWrites = 50_000_000

const fate = { unknown: 0, acknowledged: 1, refused: 2 } as const

/**
 * What became of the writes of one worker, as far as the server said. Every write has a number, from 1, which is stored
 * with it, together with the number of the ledger, which is unique to the worker and the run.
 */
export interface Ledger extends Shareable {
  /** The number of this ledger. */
  readonly writer: number
  /** The number of the next write; its fate is unknown until the server answers. */
  begin(): number
  acknowledged(sequence: number): void
  /** The server has refused it, so it must not be stored. */
  refused(sequence: number): void
  /** How many writes were begun, as far as they are audited. */
  readonly begun: number
  isAcknowledged(sequence: number): boolean
  isRefused(sequence: number): boolean
}

/** The ledger of a flow in this worker, for all its connections and the audit. */
export async function sharedLedger({ flow, share }: TaskContext<PostgresOptions>): Promise<Ledger> {
  return await share(`postgres ledger ${flow}`, createLedger)
}

function createLedger(): Ledger {
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
