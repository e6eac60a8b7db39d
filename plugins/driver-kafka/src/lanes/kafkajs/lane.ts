import type { Lane } from '../lane.ts'
import { openConsumer } from './consumer.ts'
import { follow } from './follow.ts'
import { openProducer } from './producer.ts'

/** kafkajs, as an application uses it. */
export const lane: Lane = {
  usesLinks: false,
  // it compresses several at once, and an idempotent producer takes the last that waits first
  keepsOrder: ({ batchesInFlight, inFlight }) => Math.min(batchesInFlight, inFlight) === 1,
  openProducer,
  openConsumer,
  follow,
}
