import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '@cloudbench/core'
import type { Readings } from '@cloudbench/driver-kit'
import type { Link } from '../client/link.ts'
import { isInLedger, sequenceOf, writerOf } from '../payload.ts'
import { askFetch } from '../wire/fetch.ts'
import { batchesIn, eachMessage, isDamage } from '../wire/records.ts'
import { askOffset } from '../wire/requests.ts'
import type { Ledger } from './ledger.ts'
import type { Unread } from './unread.ts'

/** Larger than what a broker accepts as one batch, so that every answer has at least one. */
const fetchBytes = 4 * 1024 * 1024

/** Between two looks at a partition whose replicas are behind. */
const pauseMs = 50

export interface Source {
  readonly topic: string
  readonly partition: number
  readonly link: Link
  readonly signal: AbortSignal
  /** How long replicas may take to get what their leader has acknowledged. */
  readonly patienceMs: number
}

/** What comes of reading back. */
export interface ReadBack {
  readonly ledger: Ledger
  readonly unread: Unread
  readonly contents: Readings
}

/** Reads what a partition has stored since this worker began to write to it. */
export async function readBack(source: Source, found: ReadBack): Promise<void> {
  const { partition, signal } = source
  const { ledger, unread, contents } = found
  const begun = ledger.begun().get(partition)
  if (begun === undefined) return
  const end = await endOf(source, found)
  for (let offset = await skipDeleted(source, begun, unread); offset < end;) {
    signal.throwIfAborted()
    try {
      offset = await readOn(source, offset, found)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'OFFSET_OUT_OF_RANGE') {
        const kept = await skipDeleted(source, offset, unread)
        if (kept === offset) throw error
        offset = kept
      } else if (isDamage(error)) {
        // where the next batch begins is not known
        contents.wrong(() => `partition ${partition} from offset ${offset} on: ${messageOf(error)}`)
        unread.add(partition, offset, Infinity, 'contents before them are damaged')
        return
      } else throw error
    }
  }
}

/** Where reading can begin: what was deleted before then stays unread. */
async function skipDeleted(
  { link, topic, partition }: Source,
  offset: number,
  unread: Unread,
): Promise<number> {
  const kept = await askOffset(link, topic, partition, 'earliest')
  if (kept <= offset) return offset
  unread.add(partition, offset, kept, 'the topic no longer keeps them')
  return kept
}

/** Where a partition ends, once consumers may read all that was acknowledged, or replicas have stayed behind for too long. */
async function endOf(
  { link, topic, partition, signal, patienceMs }: Source,
  { ledger, unread }: ReadBack,
): Promise<number> {
  const acknowledged = ledger.acknowledgedEnd(partition)
  const untilMs = performance.now() + patienceMs
  for (;;) {
    const end = await askOffset(link, topic, partition, 'latest')
    if (end >= acknowledged) return end
    if (performance.now() > untilMs) {
      const written = await askOffset(link, topic, partition, 'written')
      if (written > end)
        unread.add(partition, end, written, 'replicas are behind, and consumers may not read them yet')
      return end
    }
    await sleep(pauseMs)
    signal.throwIfAborted()
  }
}

/** Reads a few batches. @returns the offset after them. */
async function readOn(
  { link, topic, partition }: Source,
  offset: number,
  { ledger, contents }: ReadBack,
): Promise<number> {
  const ledgerId = Buffer.from(ledger.id)
  const set = await askFetch(link, { topic, partition, offset, maxBytes: fetchBytes, maxWaitMs: 100 })
  let next = offset
  for (const batch of batchesIn(set)) {
    eachMessage(batch, (at, buffer, start, stop) => {
      // a batch starts with its first message, not with the requested one
      if (at < offset || !isInLedger(ledgerId, buffer, start, stop)) return
      const writer = writerOf(buffer, start)
      const sequence = sequenceOf(buffer, start)
      if (Number.isNaN(writer + sequence))
        contents.wrong(() => `the message at offset ${at} of partition ${partition} has a damaged head`)
      else ledger.found(partition, writer, sequence)
    })
    next = batch.nextOffset
  }
  if (next === offset)
    throw new Error(`partition ${partition} of ${topic} cannot be read from offset ${offset} on`)
  return next
}
