import { defineWorkload, type Connection, type DriverContext } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { createReading } from '../audit/reading.ts'
import { auditReadings, sharedOffsets } from '../audit/readings.ts'
import type { Partition } from '../client/partitions.ts'
import { openLane } from '../lanes/open-lane.ts'
import { consumeOptions, type ConsumeOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { cleanup } from '../prepare.ts'
import { isCompacted } from '../wire/topic-requests.ts'
import { begunOf } from './begun.ts'
import { prepareFilled } from './fill.ts'

export const consume = defineWorkload({
  description: 'fetches from a topic that is full, from its beginning to its end and again',
  options: consumeOptions,
  connect,
  prepare: prepareFilled,
  audit: auditReadings,
  cleanup,
})

/** Opens a consumer. A request is one fetch, answered when at least one message has come. */
async function connect(context: DriverContext<ConsumeOptions>): Promise<Connection> {
  const { index, total } = context.connection
  const { topic } = context.options
  const offsets = await sharedOffsets(context)
  const contents = await sharedReadings(context)
  const reading = createReading(
    createOutcomes(context.outcome),
    context.counter('messages'),
    offsets,
    contents,
  )
  return await openLane(
    context,
    (all) => shareOf(all, index, total),
    async (lane, opened) => {
      const { partitions, links, loss } = opened
      const begun = await begunOf(links, partitions, topic)
      offsets.isCompacted ||= await isCompacted(links.to(partitions[0]!.leader), topic)
      const consumer = await lane.openConsumer(context, opened, begun, reading)
      loss.onLost = context.lost
      return {
        streams: 1,
        reportsSockets: true,
        issue: (slot) => consumer.issue(slot),
        async close() {
          await consumer.close()
          await links.close()
        },
      }
    },
  )
}

/** The partitions of one connection. If there are enough, they are divided among the connections. */
function shareOf(partitions: readonly Partition[], index: number, total: number): readonly Partition[] {
  if (total >= partitions.length) return [partitions[index % partitions.length]!]
  return partitions.filter((_, at) => at % total === index)
}
