import { defineDriver } from '@cloudbench/core'
import { clients } from './clients.ts'
import { mixed } from './workloads/mixed.ts'
import { readHeavy } from './workloads/read-heavy.ts'
import { writeHeavy } from './workloads/write-heavy.ts'

/** Redis: GET and SET over preloaded keys, with verified reads and audited writes. */
export default defineDriver({
  name: 'redis',
  clients,
  workloads: { 'read-heavy': readHeavy, mixed, 'write-heavy': writeHeavy },
  // loaded by the one process that serves it
  loopback: async (options) => (await import('./loopback/server.ts')).loopback(options),
})

export type { RedisOptions } from './options.ts'
