import { defineWorkload, type Connection, type DriverContext } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { auditReadings, sharedOffsets } from '../audit/readings.ts'
import type { Partition } from '../client/partitions.ts'
import { openTopic } from '../client/topic.ts'
import { consumeOptions, type ConsumeOptions } from '../options.ts'
import { cleanup } from '../prepare.ts'
import { isCompacted } from '../wire/topic-requests.ts'
import { openCursors } from './cursors.ts'
import { createFetching } from './fetching.ts'
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
  const found = { offsets: await sharedOffsets(context), contents: await sharedReadings(context) }
  return await openTopic(
    context,
    (all) => shareOf(all, index, total),
    async ({ partitions, links, loss }) => {
      const cursors = await openCursors(links, partitions, context.options)
      found.offsets.isCompacted ||= await isCompacted(cursors[0].link, context.options.topic)
      return {
        streams: 1,
        reportsSockets: true,
        issue: createFetching(context, cursors, found, loss),
        close: () => links.close(),
      }
    },
  )
}

/** The partitions of one connection. If there are enough, they are divided among the connections. */
function shareOf(partitions: readonly Partition[], index: number, total: number): readonly Partition[] {
  if (total >= partitions.length) return [partitions[index % partitions.length]!]
  return partitions.filter((_, at) => at % total === index)
}
