import { randomBytes } from 'node:crypto'
import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'
import { finding } from '@cloudbench/driver-kit'
import { createSightings, type Sightings } from './sightings.ts'
import type { Unread } from './unread.ts'

/** The part of a batch that the ledger keeps. */
interface StoredBatch {
  readonly partition: number
  readonly firstSequence: number
  readonly count: number
}

/**
 * What was acknowledged to one worker. Every connection numbers its messages, and each message names its connection; so
 * each acknowledged number must be in the topic once, and within a partition in rising order.
 */
export interface Ledger extends Shareable {
  /** Unique to this ledger; every message carries it. */
  readonly id: string
  /** The client library sends batches that are under way at the same time in no order, and says so. */
  isUnordered: boolean
  /** A number for a connection, from 1. One that is opened again gets another. */
  openWriter(): number
  /** Where a partition ended before this worker wrote to it. */
  begin(partition: number, offset: number): void
  /** A batch was stored, starting at `baseOffset`. Without acknowledgements that is -1: it was sent, and no more is known. */
  acknowledged(writer: number, batch: StoredBatch, baseOffset: number): void
  /** Where to start reading, by partition. */
  begun(): ReadonlyMap<number, number>
  /** A message was found. To be called in the order in which a partition stores them. */
  found(partition: number, writer: number, sequence: number): void
  /** The offset after the last message that was acknowledged. */
  acknowledgedEnd(partition: number): number
  /** @param unread What is missing there is not lost: it was not looked at. */
  findings(unread: Unread): readonly AuditResult[]
}

/** The ledger of a flow in this worker, for all its connections and the audit. */
export async function sharedLedger({ flow, share }: Pick<TaskContext, 'flow' | 'share'>): Promise<Ledger> {
  return await share(`kafka ledger ${flow}`, () => createLedger())
}

/** Four numbers a batch: writer, first sequence, count, base offset. */
const rowLength = 4

export function createLedger(id = randomBytes(6).toString('hex')): Ledger {
  const starts = new Map<number, number>()
  const batches = new Map<number, number[]>()
  const sightings = createSightings()
  let writers = 0
  const ledger: Ledger = {
    id,
    isUnordered: false,
    openWriter: () => ++writers,
    begin(partition, offset) {
      starts.set(partition, Math.min(offset, starts.get(partition) ?? Infinity))
    },
    acknowledged(writer, { partition, firstSequence, count }, baseOffset) {
      let rows = batches.get(partition)
      if (rows === undefined) batches.set(partition, (rows = []))
      rows.push(writer, firstSequence, count, baseOffset)
    },
    begun: () => starts,
    found: sightings.add,
    acknowledgedEnd: (partition) => endOf(batches.get(partition) ?? []),
    findings: (unread) => [
      ...storedFindings(batches, sightings, unread),
      ...sightings.findings(ledger.isUnordered),
    ],
    close() {},
  }
  return ledger
}

function endOf(rows: readonly number[]): number {
  let end = 0
  for (let at = 0; at < rows.length; at += rowLength) {
    const [, , count = 0, baseOffset = 0] = rows.slice(at, at + rowLength)
    if (baseOffset >= 0) end = Math.max(end, baseOffset + count)
  }
  return end
}

/** Compares what was acknowledged with what was found. */
function storedFindings(
  batches: ReadonlyMap<number, readonly number[]>,
  { has }: Sightings,
  unread: Unread,
): readonly AuditResult[] {
  let expected = 0
  let lost = 0
  let unseen = 0
  const reasons = new Set<string>()
  let sent = 0
  let found = 0
  let example = ''
  for (const [partition, rows] of batches)
    for (let at = 0; at < rows.length; at += rowLength) {
      const [writer = 0, first = 0, count = 0, baseOffset = 0] = rows.slice(at, at + rowLength)
      if (baseOffset < 0) {
        sent += count
        for (let sequence = first; sequence < first + count; sequence++) if (has(writer, sequence)) found++
        continue
      }
      for (let sequence = first; sequence < first + count; sequence++) {
        const offset = baseOffset + sequence - first
        const isThere = has(writer, sequence)
        const why = isThere ? undefined : unread.why(partition, offset)
        if (why !== undefined) {
          reasons.add(why)
          unseen++
          continue
        }
        expected++
        if (!isThere) {
          lost++
          example ||= `message ${sequence} of connection ${writer} was acknowledged at offset ${offset} of partition ${partition} and is not there`
        }
      }
    }
  const note =
    sent > 0 ? `nothing was acknowledged: ${found} of ${sent} messages that were sent are stored` : undefined
  return [
    finding('acknowledged messages are stored', expected, lost, example, note),
    ...(unseen > 0 ? [unreadFinding(unseen, [...reasons].join(', or '))] : []),
  ]
}

/** What could not be examined. */
function unreadFinding(count: number, why: string): AuditResult {
  return finding(
    'acknowledged messages are kept until the audit',
    0,
    0,
    undefined,
    `${count} acknowledged messages were not examined: ${why}`,
  )
}
