import { defineDriver } from '@cloudbench/core'
import { clients } from './clients.ts'
import { loopback } from './loopback/server.ts'
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
  loopback,
})

export type { MixedOptions, ReadOptions, WriteOptions } from './options.ts'
