import { createHash } from 'node:crypto'
import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { hashFunction } from '../src/workloads/hash.ts'
import { expectCountedCalls } from './fixtures/batches.ts'

test.each(['sha256', 'md5'])('%s is the operation, and every call is counted', async (algorithm) => {
  await expectCountedCalls('hash', `hash ${algorithm}`, { algorithm })
})

test('as many bytes are hashed as configured', async () => {
  const { call } = hashFunction(await parse(driver, { size: '25B' }, 'hash'))
  expect(call()).toEqual(createHash('sha256').update('cloudbenchcloudbenchcloud').digest())
})
