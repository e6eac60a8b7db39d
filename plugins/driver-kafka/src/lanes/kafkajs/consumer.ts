import type { DriverContext } from '@cloudbench/core'
import type { Consumer as Reader, ConsumerRunConfig } from 'kafkajs'
import type { Reading } from '../../audit/reading.ts'
import type { OpenTopic } from '../../client/topic.ts'
import type { ConsumeOptions } from '../../options.ts'
import { createHandover, nothingToRead, type Handover } from '../handover.ts'
import type { Begun, Consumer } from '../lane.ts'
import { openGroup } from './group.ts'

/** A request is the next batch that `eachBatch` gets: what one fetch has brought of a partition. */
export async function openConsumer(
  context: DriverContext<ConsumeOptions>,
  opened: OpenTopic,
  begun: readonly Begun[],
  reading: Reading,
): Promise<Consumer> {
  const { topic, fetchSize } = context.options
  const { loss } = opened
  const handover = createHandover(context, reading, loss)
  const starts = new Map(begun.map(({ partition, startOffset }) => [partition, startOffset]))
  const group = await openGroup(opened, {
    topic,
    starts,
    fetchBytes: fetchSize,
    run(consumer) {
      beginAgainAtEnd(consumer, { topic, starts, handover, fail: loss.report })
      return { eachBatch: eachBatch(handover) }
    },
  })
  return {
    issue: handover.issue,
    async close() {
      handover.close()
      await group.close()
    },
  }
}

function eachBatch(handover: Handover): NonNullable<ConsumerRunConfig['eachBatch']> {
  return async ({ batch, heartbeat }) => {
    const { messages, partition } = batch
    let valueBytes = 0
    for (const { value } of messages) valueBytes += value?.length ?? 0
    await handover.take(
      {
        partition,
        // what a batch begins with may be older than what was asked for, or the mark of a transaction
        baseOffset: Number(batch.firstOffset()),
        nextOffset: Number(batch.lastOffset()) + 1,
        count: messages.length,
        valueBytes,
      },
      // whatever is wrong comes to light with the next fetch
      () => void heartbeat().catch(() => {}),
    )
  }
}

interface Again {
  readonly topic: string
  readonly starts: ReadonlyMap<number, number>
  readonly handover: Handover
  fail(error: Error): void
}

/** Goes to the beginning of a partition after its end, also where that has only the mark of a transaction. */
function beginAgainAtEnd(consumer: Reader, { topic, starts, handover, fail }: Again): void {
  /** By partition, how often its end was reached without any message since the last one. */
  const rounds = new Map<number, number>()
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
    const { partition, batchSize, lastOffset, highWatermark } = payload
    if (batchSize > 0) rounds.delete(partition)
    if (Number(lastOffset) + 1 < Number(highWatermark)) return
    if (batchSize === 0) {
      const count = (rounds.get(partition) ?? 0) + 1
      rounds.set(partition, count)
      if (count === 2) fail(nothingToRead(topic, partition, Number(lastOffset)))
    }
    handover.begin(partition)
    consumer.seek({ topic, partition, offset: String(starts.get(partition)) })
  })
}
