import { bytesPerRequest } from '@cloudbench/fixtures/drivers/allocation'
import { expect, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url).href
/** The server makes every message anew: fewer do. */
const batchRequests = 2_000
const fixed = { name: 'shelves/1/books/1' }

// what is generated for a message, and the message itself, count as well.
test.for<[what: string, options: Readonly<Record<string, unknown>>, limitBytes: number]>([
  ['a fixed message', { message: fixed, streams: 50 }, 200],
  ['a generated message', { streams: 50 }, 1_200],
  ['grpc-js', { message: fixed, client: 'grpc-js' }, 40_000],
])('%s allocates no more than it has to', async ([, options, limitBytes]) => {
  expect(await bytesPerRequest({ driver, options, batchRequests })).toBeLessThan(limitBytes)
})
