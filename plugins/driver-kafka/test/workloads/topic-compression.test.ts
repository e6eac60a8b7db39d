import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { api } from '../../src/wire/api.ts'
import { Writer } from '../../src/wire/writer.ts'
import { scriptedBroker } from '../servers/scripted.ts'

test('a topic that the brokers compress with an unknown codec is refused before the load', async () => {
  const { url } = await scriptedBroker({
    take({ key, answer }) {
      if (key !== api.describeConfigs.key) return false
      const to = new Writer().int32(0)
      to.array(['t'], (name) => {
        to.int16(0).string(undefined).int8(2).string(name)
        to.array(['compression.type'], (setting) =>
          to.string(setting).string('brotli').int8(0).int8(1).int8(0).int32(0),
        )
      })
      answer(to.written)
      return true
    },
  })
  for (const workload of ['produce', 'consume', 'roundtrip'])
    await expect(openFlow(driver, url, { topic: 't' }, { workload }).prepare()).rejects.toMatchObject({
      code: 'CB_TARGET',
      message: expect.stringContaining('"t" with brotli') as string,
      next: expect.stringContaining('options.topic') as string,
    })
})
