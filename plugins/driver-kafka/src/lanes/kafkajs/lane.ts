import type { Lane } from '../lane.ts'
import { openConsumer } from './consumer.ts'
import { follow } from './follow.ts'
import { openProducer } from './producer.ts'

/** kafkajs, as an application uses it. */
export const lane: Lane = {
  usesLinks: false,
  // it compresses several at once; an idempotent producer takes them one after another
  keepsOrder: ({ batchesInFlight, isIdempotent }) => batchesInFlight === 1 || isIdempotent,
  openProducer,
  openConsumer,
  follow,
}
