import { refusalOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { layout } from '../../src/wire/batch-layout.ts'
import { changeBatch, changingBroker } from '../servers/scripted.ts'

/** A topic that is full of what the test makes of its batches, to be consumed. */
async function topicOf(change: (batch: Buffer) => unknown, options: Record<string, unknown> = {}) {
  let isChanged = false
  const url = await changingBroker((body) =>
    isChanged ? changeBatch(body, (batch) => void change(batch)) : body,
  )
  const fields = { topic: 't', messages: 100, compression: 'none', ...options }
  const made = openFlow(driver, url, fields, { workload: 'consume' })
  await made.prepare()
  isChanged = true
  return made
}

test.each<readonly [string, (batch: Buffer) => unknown, RegExp]>([
  [
    'a codec that does not exist',
    (batch) => batch.writeInt16BE(5, layout.attributes),
    /compressed with the unknown codec 5/,
  ],
  ['other contents than their codec', (batch) => batch.writeInt16BE(3, layout.attributes), /not valid lz4/],
  ['the format of old brokers', (batch) => batch.writeInt8(1, layout.magic), /format of Kafka before 0\.11/],
  ['messages that are cut off', (batch) => batch.writeInt32BE(9_000, layout.count), /cut off/],
])('%s is found before the load', async (_, change, what) => {
  const { prepare } = await topicOf(change)
  const error = await refusalOf(prepare())
  expect(error).toMatchObject({
    code: 'CB_TARGET',
    expected: expect.stringContaining('gzip, snappy, lz4, zstd') as string,
    next: expect.stringContaining('options.topic') as string,
  })
  expect(error.message).toMatch(
    /^partition 0 of the topic "t" has messages that cannot be read, at offset 0: /,
  )
  expect(error.message).toMatch(what)
})

test('so is the last batch', async () => {
  const { prepare } = await topicOf((batch) => {
    if (batch.readBigInt64BE(layout.baseOffset) > 0n) batch.writeInt16BE(5, layout.attributes)
  })
  expect((await refusalOf(prepare())).message).toContain('at offset 99: ')
})

test('under the load, it is named at once', async () => {
  const { open, send } = await topicOf((batch) => batch.writeInt16BE(5, layout.attributes))
  await expect(send(await open())).rejects.toMatchObject({
    code: 'UNSUPPORTED_COMPRESSION_TYPE',
    message: expect.stringContaining('unknown codec 5') as string,
  })
})

test('without verify, contents are not looked at', async () => {
  const change = (batch: Buffer): unknown => batch.writeInt16BE(5, layout.attributes)
  const { prepare, open, send } = await topicOf(change, { verify: false })
  await prepare()
  expect(await send(await open())).toMatchObject({ name: 'received' })
})
