import { bytesPerRequest } from '@cloudbench/fixtures/drivers/allocation'
import { expect, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url).href

/** What a request added to the heap when this was written, and a third of that. */
test.each([
  // most of it is Node's, for a write
  [{ client: 'wire' }, 510],
  [{ client: 'wire', pipelining: 16 }, 90],
  [{ client: 'ioredis' }, 4_800],
  [{ client: 'ioredis', pipelining: 16, autoPipelining: true }, 5_400],
  [{ client: 'node-redis' }, 8_700],
])('what a request adds to the heap: %j, %i bytes', async (options, limitBytes) => {
  const load = { driver, options: { keys: 1_000, ...options }, connections: 10 }
  expect(await bytesPerRequest(load)).toBeLessThan(limitBytes)
})
