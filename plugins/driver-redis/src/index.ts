import { defineDriver, defineWorkload } from '@cloudbench/core'
import { audit } from './audit/audit.ts'
import { connect } from './workloads/connection.ts'
import { loopback } from './loopback/server.ts'
import { observe } from './observe.ts'
import { loadOptions } from './options.ts'
import { cleanup, prepare } from './prepare.ts'

const tasks = { connect, prepare, audit, cleanup, observe }

/** Redis: GET and SET over preloaded keys, with reads that are verified and writes that are audited. */
export default defineDriver({
  name: 'redis',
  workloads: {
    'read-heavy': defineWorkload({
      description: '90 % GET and 10 % SET over preloaded keys',
      options: loadOptions(0.9),
      ...tasks,
    }),
    mixed: defineWorkload({
      description: 'half GET, half SET over preloaded keys',
      options: loadOptions(0.5),
      ...tasks,
    }),
    'write-heavy': defineWorkload({
      description: '10 % GET and 90 % SET over preloaded keys',
      options: loadOptions(0.1),
      ...tasks,
    }),
  },
  loopback,
})

export type { RedisOptions } from './options.ts'
