import { defineDriver } from '@cloudbench/core'
import { clients } from './clients.ts'
import { consume } from './workloads/consume.ts'
import { produce } from './workloads/produce.ts'
import { roundtrip } from './workloads/roundtrip.ts'

/** Apache Kafka: messages that are written, read, or written and read back. */
export default defineDriver({
  name: 'kafka',
  clients,
  workloads: { produce, consume, roundtrip },
  // loaded by the one process that serves it
  loopback: async (options) => (await import('./loopback/server.ts')).loopback(options),
})

export type { ConsumeOptions, ProduceOptions } from './options.ts'
