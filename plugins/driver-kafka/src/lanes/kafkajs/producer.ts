import kafkajs from 'kafkajs'
import type { OpenTopic } from '../../client/topic.ts'
import type { Producer, ProducerOptions } from '../lane.ts'
import { createParcelProducer } from '../parcels.ts'
import { createClient } from './client.ts'
import { useCodec } from './codecs.ts'
import { faultIn } from './fault.ts'

/** A batch is one `send`. Its partition is named, as with every lane, so that it is one request. */
export async function openProducer(
  { cluster, partitions, loss }: OpenTopic,
  options: ProducerOptions,
): Promise<Producer> {
  const { topic, acks, ackTimeoutMs: timeout, isIdempotent, trace } = options
  const compression = useCodec(options.compression)
  const client = createClient(cluster, loss)
  const producer = client.kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    // a topic that is removed would come back by itself
    allowAutoTopicCreation: false,
    // kafkajs insists that an idempotent producer tries again
    ...(isIdempotent && { idempotent: true, retry: { retries: 1 } }),
  })
  const close = (): Promise<void> => client.close(() => producer.disconnect())
  try {
    await producer.connect()
  } catch (error) {
    await close()
    throw error
  }
  const numbers = partitions.map(({ partition }) => partition)
  return createParcelProducer(
    {
      async send({ values, slots, partition }) {
        const messages = values.map((value, at) => ({
          value,
          partition,
          ...(trace && { headers: { traceparent: trace.traceparent(slots[at]!.index) } }),
        }))
        const [stored] = await producer.send({ topic, acks, timeout, compression, messages })
        return acks === 0 ? -1 : Number(stored!.baseOffset)
      },
      read: faultIn,
      close,
    },
    numbers,
    options,
  )
}
