import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashFunction } from '../src/workloads/hash.ts'
import { open, parse, send } from './context.ts'

test.each(['sha256', 'md5'])('%s is the operation, and every call is counted', async (algorithm) => {
  const tested = await open('hash', { algorithm, size: '4KiB', samples: 20 })
  const outcome = await send(tested)
  expect(outcome).toEqual({ name: 'completed', ok: true, operation: `hash ${algorithm}` })
  expect(await send(tested)).toBe(outcome)
  expect(tested.counters['calls']).toBe(40)
  await tested.connection.close()
})

test('as many bytes are hashed as configured', () => {
  const { call } = hashFunction(parse('hash', { size: 25 }) as never)
  expect(call()).toEqual(createHash('sha256').update('cloudbenchcloudbenchcloud').digest())
})
