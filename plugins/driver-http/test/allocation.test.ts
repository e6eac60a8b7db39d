import { bytesPerRequest } from '@cloudbench/fixtures/drivers/allocation'
import { expect, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url).href

// 1.3 times what was measured: most of the least is what Node's socket does for a write
test.for([
  ['wire', 'a GET', 420, { workload: 'request', connections: 10, options: { client: 'wire' } }],
  [
    'wire',
    'a GET, pipelined',
    230,
    { workload: 'request', connections: 5, options: { client: 'wire', pipelining: 10 } },
  ],
  [
    'wire',
    'a POST with a UUID',
    1_900,
    { workload: 'json-api', connections: 10, options: { client: 'wire' } },
  ],
  ['undici', 'a GET', 12_000, { workload: 'request', connections: 10, options: { client: 'undici' } }],
] as const)('%s: %s adds at most %i bytes to the heap', async ([, , limit, load]) => {
  expect(await bytesPerRequest({ driver, ...load })).toBeLessThan(limit)
})
