import { bytesPerRequest } from '@cloudbench/fixtures/drivers/allocation'
import { expect, test } from 'vitest'
import type { ClientName } from '../src/clients.ts'

// what a message adds to the heap. Measured: wire 460 bytes, of which a batch has most; kafkajs
test.each<readonly [ClientName, string, number]>([
  ['wire', 'none', 600],
  ['wire', 'gzip', 900],
  ['kafkajs', 'none', 1_000_000],
])('%s, compression %s: at most %d bytes per message', async (client, compression, limitBytes) => {
  const driver = new URL('../src/index.ts', import.meta.url).href
  const options = { client, compression }
  const bytes = await bytesPerRequest({ driver, workload: 'produce', options, connections: 1 })
  console.log(client, compression, bytes)
  expect(bytes).toBeLessThan(limitBytes)
})
