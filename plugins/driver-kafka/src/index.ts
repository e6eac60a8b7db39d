import { defineDriver, defineWorkload } from '@cloudbench/core'
import { audit } from './audit/audit.ts'
import { connectConsumer } from './workloads/consume.ts'
import { prepareFilled } from './workloads/fill.ts'
import { loopback } from './loopback/server.ts'
import { consumeOptions, produceOptions, roundtripOptions } from './options.ts'
import { connectProducer } from './workloads/produce.ts'
import { auditReadings } from './audit/readings.ts'
import { connectRoundtrip } from './workloads/roundtrip.ts'
import { cleanupTopic, prepareTopic } from './prepare.ts'

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
    consume: defineWorkload({
      description: 'fetches from a topic that is full, from its beginning to its end and again',
      options: consumeOptions,
      connect: connectConsumer,
      prepare: prepareFilled,
      audit: auditReadings,
      cleanup: cleanupTopic,
    }),
    roundtrip: defineWorkload({
      description: 'messages that are written and read back, timed from end to end',
      options: roundtripOptions,
      connect: connectRoundtrip,
      prepare: async (context) => (await prepareTopic(context)).facts,
      audit,
      cleanup: cleanupTopic,
    }),
  },
  loopback,
})

export type { ConsumeOptions, ProduceOptions } from './options.ts'
