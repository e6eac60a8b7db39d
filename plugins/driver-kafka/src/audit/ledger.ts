import { randomBytes } from 'node:crypto'
import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'

/**
 * What was acknowledged to one worker. Every connection numbers its messages, and says in each which connection it is;
 * so each acknowledged number has to be found in the topic once, and within a partition in rising order.
 */
export interface Ledger extends Shareable {
  /** Unique to it; every message carries it. */
  readonly id: string
  /** A number for a connection, from 1. One that was opened again is another. */
  openWriter(): number
  /** Where a partition ended before this worker wrote to it. */
  begin(partition: number, offset: number): void
  /** A batch was stored from `baseOffset` on. */
  acknowledged(
    writer: number,
    partition: number,
    baseOffset: number,
    firstSequence: number,
    count: number,
  ): void
  /** Where to begin to read, by partition. */
  begun(): ReadonlyMap<number, number>
  /** A message was found; to be called in the order in which a partition stores them. */
  found(partition: number, writer: number, sequence: number): void
  /** @param earliest By partition: what is before it, the topic no longer keeps. */
  findings(earliest: ReadonlyMap<number, number>): readonly AuditResult[]
}

/** The books of a flow in this worker, for all its connections and the audit. */
export async function sharedLedger({ flow, share }: Pick<TaskContext, 'flow' | 'share'>): Promise<Ledger> {
  return await share(`kafka ledger ${flow}`, () => createLedger())
}

/** Four numbers a batch: writer, first sequence, count, base offset. */
const rowLength = 4

export function createLedger(id = randomBytes(6).toString('hex')): Ledger {
  const starts = new Map<number, number>()
  const batches = new Map<number, number[]>()
  const seen = new Map<number, Uint8Array>()
  /** The last sequence of each writer in each partition. */
  const last = new Map<string, number>()
  let writers = 0
  let examined = 0
  let repeated = 0
  let disordered = 0
  let repeatedExample = ''
  let disorderedExample = ''
  return {
    id,
    openWriter: () => ++writers,
    begin(partition, offset) {
      starts.set(partition, Math.min(offset, starts.get(partition) ?? Infinity))
    },
    acknowledged(writer, partition, baseOffset, firstSequence, count) {
      let rows = batches.get(partition)
      if (rows === undefined) batches.set(partition, (rows = []))
      rows.push(writer, firstSequence, count, baseOffset)
    },
    begun: () => starts,
    found(partition, writer, sequence) {
      examined++
      const bits = bitsFor(seen, writer, sequence)
      const mask = 1 << (sequence & 7)
      const key = `${partition}/${writer}`
      const before = last.get(key) ?? -1
      if ((bits[sequence >>> 3]! & mask) !== 0) {
        repeated++
        repeatedExample ||= `message ${sequence} of connection ${writer} is stored more than once`
      } else if (sequence < before) {
        disordered++
        disorderedExample ||= `message ${sequence} of connection ${writer} is stored after ${before}`
      }
      bits[sequence >>> 3]! |= mask
      last.set(key, Math.max(before, sequence))
    },
    findings(earliest) {
      let expected = 0
      let lost = 0
      let expired = 0
      let example = ''
      for (const [partition, rows] of batches)
        for (let at = 0; at < rows.length; at += rowLength) {
          const [writer, first, count, baseOffset] = rows.slice(at, at + rowLength) as [
            number,
            number,
            number,
            number,
          ]
          if (baseOffset + count <= (earliest.get(partition) ?? 0)) {
            expired += count
            continue
          }
          expected += count
          const bits = seen.get(writer)
          for (let sequence = first; sequence < first + count; sequence++) {
            if (((bits?.[sequence >>> 3] ?? 0) & (1 << (sequence & 7))) !== 0) continue
            lost++
            example ||= `message ${sequence} of connection ${writer} was acknowledged at offset ${baseOffset + sequence - first} of partition ${partition} and is not there`
          }
        }
      const gone = expired > 0 ? `the topic no longer keeps ${expired} older ones` : undefined
      return [
        finding('acknowledged messages are stored', expected, lost, lost > 0 ? example : gone),
        finding('no message is stored twice', examined, repeated, repeatedExample || undefined),
        finding(
          'messages are stored in the order they were sent',
          examined,
          disordered,
          disorderedExample || undefined,
        ),
      ]
    },
    close() {},
  }
}

/** One bit a message, for those of a writer. */
function bitsFor(all: Map<number, Uint8Array>, writer: number, sequence: number): Uint8Array {
  const known = all.get(writer)
  if (known && sequence >>> 3 < known.length) return known
  const larger = new Uint8Array(Math.max(1_024, (sequence >>> 3) * 2))
  if (known) larger.set(known)
  all.set(writer, larger)
  return larger
}

function finding(
  name: string,
  examined: number,
  violations: number,
  message: string | undefined,
): AuditResult {
  const status = violations > 0 ? 'failed' : examined > 0 ? 'passed' : 'skipped'
  return { name, status, examined, violations, ...(message !== undefined && { message }) }
}
