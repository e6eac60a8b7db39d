import { defineDriver, defineWorkload } from '@cloudbench/core'
import { audit } from './audit.ts'
import { loopback } from './loopback.ts'
import { produceOptions } from './options.ts'
import { connectProducer } from './produce.ts'
import { cleanupTopic, prepareTopic } from './topic.ts'

/** Apache Kafka: messages written, read, and written and read back. */
export default defineDriver({
  name: 'kafka',
  workloads: {
    produce: defineWorkload({
      description: 'an asynchronous producer with batches and compression',
      options: produceOptions,
      connect: connectProducer,
      prepare: async (context) => (await prepareTopic(context)).facts,
      audit,
      cleanup: cleanupTopic,
    }),
  },
  loopback,
})

export type { ProduceOptions } from './options.ts'
