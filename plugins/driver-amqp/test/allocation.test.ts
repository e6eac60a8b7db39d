import { bytesPerRequest } from '@cloudbench/fixtures/drivers/allocation'
import { expect, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url).href

// rhea makes so much garbage that a longer batch would not end before it is collected
test.each([
  ['wire', 'send', 60, 10_000],
  ['wire', 'send-receive', 250, 10_000],
  ['rhea', 'send', 9_000, 1_000],
  ['rhea', 'send-receive', 17_500, 1_000],
])('%s: a request of %s adds less than %d B to the heap', async (client, workload, limit, batchRequests) => {
  const options = { client, pipelining: 32 }
  expect(await bytesPerRequest({ driver, workload, options, connections: 4, batchRequests })).toBeLessThan(
    limit,
  )
})
