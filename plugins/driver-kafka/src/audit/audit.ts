import type { AuditResult, TaskContext } from '@cloudbench/core'
import { clusterOf, openLinks, placesOf, type Place } from '../client/cluster.ts'
import { sharedLedger, type Ledger } from './ledger.ts'
import type { Link } from '../client/link.ts'
import type { TopicOptions } from '../options.ts'
import { askFetch } from '../wire/fetch.ts'
import { batchesIn, eachMessage } from '../wire/records.ts'
import { askOffset } from '../wire/requests.ts'
import { isOfBook, sequenceOf, writerOf } from '../payload.ts'

/** Larger than what a broker takes as one batch, so that every answer brings the audit forward. */
const fetchBytes = 4 * 1024 * 1024

/** Reads what was stored since this worker began to write, and holds it against what was acknowledged. */
export async function audit(context: TaskContext<TopicOptions>): Promise<readonly AuditResult[]> {
  const { options, signal } = context
  const ledger = await sharedLedger(context)
  const earliest = new Map<number, number>()
  if (ledger.begun().size > 0) {
    const cluster = await clusterOf(context)
    const places = await placesOf(cluster, options.topic, signal)
    let broken: Error | undefined
    const links = await openLinks(cluster, places, (error) => {
      broken ??= error
    })
    try {
      for (const place of places) {
        const link = links.to(place.leader)
        earliest.set(place.partition, await askOffset(link, options.topic, place.partition, 'earliest'))
        await readBack(link, place, {
          ledger,
          topic: options.topic,
          signal,
          earliest: earliest.get(place.partition)!,
        })
      }
    } catch (error) {
      throw broken ?? error
    } finally {
      await links.close()
    }
  }
  return ledger.findings(earliest)
}

interface Reading {
  readonly ledger: Ledger
  readonly topic: string
  readonly signal: AbortSignal
  readonly earliest: number
}

async function readBack(
  link: Link,
  { partition }: Place,
  { ledger, topic, signal, earliest }: Reading,
): Promise<void> {
  const book = Buffer.from(ledger.id)
  const begun = ledger.begun().get(partition)
  if (begun === undefined) return
  const end = await askOffset(link, topic, partition, 'latest')
  for (let offset = Math.max(begun, earliest); offset < end;) {
    signal.throwIfAborted()
    const from = offset
    const set = await askFetch(link, { topic, partition, offset, maxBytes: fetchBytes, maxWaitMs: 100 })
    for (const batch of batchesIn(set)) {
      eachMessage(batch, (at, buffer, start, stop) => {
        // a batch begins with its first message, not with the one that was asked for
        if (at < from || !isOfBook(book, buffer, start, stop)) return
        ledger.found(partition, writerOf(buffer, start), sequenceOf(buffer, start))
      })
      offset = batch.nextOffset
    }
    if (offset === from)
      throw new Error(`partition ${partition} of ${topic} cannot be read from offset ${offset} on`)
  }
}
