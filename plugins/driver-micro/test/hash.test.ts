import { createHash } from 'node:crypto'
import { openFlow, parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { hashFunction } from '../src/workloads/hash.ts'

test.each(['sha256', 'md5'])('%s is the operation, and every call is counted', async (algorithm) => {
  const { open, send, counters } = openFlow(
    driver,
    'micro:',
    { algorithm, size: '4KiB', samples: 20 },
    { workload: 'hash' },
  )
  const connection = await open()
  const outcome = await send(connection)
  expect(outcome).toMatchObject({ name: 'completed', ok: true, operation: `hash ${algorithm}` })
  expect(await send(connection)).toBe(outcome)
  expect(counters['calls']).toBe(40)
})

test('as many bytes are hashed as configured', async () => {
  const { call } = hashFunction(await parse(driver, { size: '25B' }, 'hash'))
  expect(call()).toEqual(createHash('sha256').update('cloudbenchcloudbenchcloud').digest())
})
