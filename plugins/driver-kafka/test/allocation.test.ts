import { bytesPerRequest } from '@cloudbench/fixtures/drivers/allocation'
import { expect, test } from 'vitest'
import type { ClientName } from '../src/clients.ts'

const driver = new URL('../src/index.ts', import.meta.url).href

/** Small messages: memory outside of the heap has garbage collected, too. */
const small = { valueSize: '100B', batchSize: '2000B', compression: 'none' }

test.each<readonly [ClientName, number]>([
  ['wire', 220],
  ['kafkajs', 8_800],
  ['platformatic', 5_000],
])('%s adds at most %d bytes per message to the heap', async (client, limitBytes) => {
  const bytes = await bytesPerRequest({ driver, workload: 'produce', options: { client, ...small } })
  expect(bytes).toBeLessThan(limitBytes)
})
