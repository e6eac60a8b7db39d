import type { Config } from '@cloudbench/core'
import { fileOnly } from './reporters.ts'

/** What there is without any configuration. */
export const builtIn = {
  targets: {
    redis: { driver: 'redis' },
    http: { driver: 'http' },
  },
  scenarios: {
    'redis-read-heavy': {
      description: '90 % GET and 10 % SET over 10 000 preloaded keys',
      target: 'redis',
      workload: 'read-heavy',
      connections: 10,
      checks: { 'errors.rate': '<= 0.1%' },
    },
    'http-json-api': {
      description: 'POST /v1/data with a random UUID in a JSON body',
      target: 'http',
      workload: 'json-api',
      options: { path: '/v1/data', body: { id: '${uuid}' } },
      rate: '200/s',
      connections: 10,
      checks: { 'errors.rate': '<= 0.1%' },
    },
  },
  reporters: ['default', fileOnly],
} satisfies Config

/** Instead of the usual 30 s, for somebody who has just typed `npx cloudbench`. */
export const shortDurations = { duration: '5s', warmup: '2s' } satisfies Config['defaults']
