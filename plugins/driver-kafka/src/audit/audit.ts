import type { AuditResult, TaskContext } from '@cloudbench/core'
import { clusterOf, openLinks } from '../client/cluster.ts'
import type { Link } from '../client/link.ts'
import { partitionsOf } from '../client/partitions.ts'
import { taskError } from '../connect-error.ts'
import type { TopicOptions } from '../options.ts'
import { isInLedger, sequenceOf, writerOf } from '../payload.ts'
import { askFetch } from '../wire/fetch.ts'
import { batchesIn, eachMessage } from '../wire/records.ts'
import { askOffset } from '../wire/requests.ts'
import { sharedLedger, type Ledger } from './ledger.ts'

/** Larger than what a broker accepts as one batch, so that every answer has at least one. */
const fetchBytes = 4 * 1024 * 1024

/** Reads back what was stored since this worker began to write, and compares it with what was acknowledged. */
export async function audit(context: TaskContext<TopicOptions>): Promise<readonly AuditResult[]> {
  const { options, signal } = context
  const { topic } = options
  const ledger = await sharedLedger(context)
  const earliest = new Map<number, number>()
  if (ledger.begun().size === 0) return ledger.findings(earliest)
  const cluster = await clusterOf(context)
  const partitions = await partitionsOf(cluster, topic, signal)
  let broken: Error | undefined
  const links = await openLinks(cluster, partitions, (error) => {
    broken ??= error
  })
  try {
    for (const { partition, leader } of partitions) {
      const link = links.to(leader)
      const startOffset = await askOffset(link, topic, partition, 'earliest')
      earliest.set(partition, startOffset)
      await readBack(link, { topic, partition, startOffset, signal }, ledger)
    }
  } catch (error) {
    throw taskError(broken ?? error)
  } finally {
    await links.close()
  }
  return ledger.findings(earliest)
}

interface Source {
  readonly topic: string
  readonly partition: number
  readonly startOffset: number
  readonly signal: AbortSignal
}

async function readBack(
  link: Link,
  { topic, partition, startOffset, signal }: Source,
  ledger: Ledger,
): Promise<void> {
  const ledgerId = Buffer.from(ledger.id)
  const begun = ledger.begun().get(partition)
  if (begun === undefined) return
  const end = await askOffset(link, topic, partition, 'latest')
  for (let offset = Math.max(begun, startOffset); offset < end;) {
    signal.throwIfAborted()
    const from = offset
    const set = await askFetch(link, { topic, partition, offset, maxBytes: fetchBytes, maxWaitMs: 100 })
    for (const batch of batchesIn(set)) {
      eachMessage(batch, (at, buffer, start, stop) => {
        // a batch starts with its first message, not with the requested one
        if (at < from || !isInLedger(ledgerId, buffer, start, stop)) return
        ledger.found(partition, writerOf(buffer, start), sequenceOf(buffer, start))
      })
      offset = batch.nextOffset
    }
    if (offset === from)
      throw new Error(`partition ${partition} of ${topic} cannot be read from offset ${offset} on`)
  }
}
