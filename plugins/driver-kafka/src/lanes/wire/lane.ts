import type { Lane } from '../lane.ts'
import { cursorsOf } from './cursors.ts'
import { createFetching } from './fetching.ts'
import { follow } from './follow.ts'
import { outletsOf } from './outlets.ts'
import { createProducer } from './producer.ts'

/** Produce and Fetch laid out by the driver itself, over connections that kafkajs has opened. */
export const lane: Lane = {
  usesLinks: true,
  // over one connection, in turn
  keepsOrder: () => true,
  openProducer: ({ partitions, links }, options) => createProducer(outletsOf(partitions, links), options),
  async openConsumer(context, topic, begun, reading) {
    const cursors = cursorsOf(topic, begun, context.options)
    return { issue: createFetching(context, cursors, reading, topic.loss), close: () => {} }
  },
  async follow({ links, loss, partitions }, options) {
    // a broker answers the requests of a connection one after another, and a fetch waits
    const link = await links.openAnother(
      partitions.find(({ partition }) => partition === options.partition)!.leader,
    )
    follow(link, options, loss.report)
    return { close: () => {} }
  },
}
