import { bytesPerRequest } from '@cloudbench/fixtures/drivers/allocation'
import { expect, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url).href

const read = { workload: 'read', options: { rows: 1_000 }, connections: 8 }
const transaction = { workload: 'mixed', options: { rows: 1_000, reads: 0 }, connections: 4 }
const insert = { workload: 'write-heavy', options: { batchRows: 100 }, connections: 2 }

test.each([
  ['wire', 'a SELECT', read, 400],
  // five statements, each of which waits for the one before
  ['wire', 'a transaction', transaction, 2_000],
  ['wire', 'a document', insert, 40],
  ['pg', 'a SELECT', read, 8_000],
  ['pg', 'a document', insert, 1_900],
  ['postgres.js', 'a SELECT', read, 8_800],
  // its buffers, which are not on the heap, soon have garbage collected
  ['postgres.js', 'a document', { ...insert, batchRequests: 2_000 }, 3_100],
])(
  'client: %s adds no more to the heap than it must for %s',
  { timeout: 120_000 },
  async (client, _, load, limitBytes) => {
    const bytes = await bytesPerRequest({ driver, ...load, options: { client, ...load.options } })
    expect(bytes).toBeLessThan(limitBytes)
  },
)
