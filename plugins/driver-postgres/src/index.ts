import { defineDriver } from '@cloudbench/core'
import { clients } from './clients.ts'
import { observe } from './observe.ts'
import { cleanup } from './prepare.ts'
import { mixed } from './workloads/mixed.ts'
import { read } from './workloads/read.ts'
import { writeHeavy } from './workloads/write-heavy.ts'

/** PostgreSQL: prepared SELECTs, batched INSERTs and transactions, with verified reads and audited writes. */
export default defineDriver({
  name: 'postgres',
  clients,
  workloads: { read, 'write-heavy': writeHeavy, mixed },
  cleanup,
  observe,
  // loaded by the one process that serves it
  loopback: async (options) => (await import('./loopback/server.ts')).loopback(options),
})

export type { MixedOptions, ReadOptions, WriteOptions } from './options.ts'
