import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { openFlow, type Flow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import type { Request } from '../../src/loopback/request.ts'
import { api } from '../../src/wire/api.ts'
import { changeBatch, endIn, fetchRefusal, offsetAnswer, scriptedBroker } from '../servers/scripted.ts'

/** Ten messages that were acknowledged, in a batch each. From then on, the test intervenes. */
async function stored(
  take: (request: Request) => boolean,
  options: Record<string, unknown> = {},
): Promise<Flow> {
  let isStored = false
  const { url } = await scriptedBroker({ take: (request) => isStored && take(request) })
  const fields = { topic: 't', inFlight: 1, lingerMs: 0, compression: 'none', ...options }
  const made = openFlow(driver, url, fields)
  await made.prepare()
  await made.sendAll(await made.open(), 10)
  isStored = true
  return made
}

const passed = { status: 'passed', violations: 0 }

test('replicas that are behind are waited for', async () => {
  let left = 3
  const { audit } = await stored((request) => {
    if (request.key !== api.listOffsets.key || endIn(request) !== 'latest' || left === 0) return false
    left--
    request.answer(offsetAnswer(4))
    return true
  })
  expect((await audit())[0]).toMatchObject({ ...passed, examined: 10 })
  expect(left).toBe(0)
})

test('what does not come in time was lost', async () => {
  const { audit } = await stored(
    (request) => {
      const isEnd = request.key === api.listOffsets.key && endIn(request) === 'latest'
      if (isEnd) request.answer(offsetAnswer(0))
      return isEnd
    },
    { connectTimeoutMs: '1s' },
  )
  expect((await audit())[0]).toMatchObject({ status: 'failed', examined: 10, violations: 10 })
})

test('what is deleted while it is read back is not missed', async () => {
  let isDeleted = false
  const { audit } = await stored((request) => {
    if (request.key === api.fetch.key && !isDeleted) {
      isDeleted = true
      request.answer(fetchRefusal('OFFSET_OUT_OF_RANGE'))
      return true
    }
    const isStart = request.key === api.listOffsets.key && endIn(request) === 'earliest' && isDeleted
    if (isStart) request.answer(offsetAnswer(4))
    return isStart
  })
  expect(await audit()).toMatchObject([
    { ...passed, examined: 6 },
    {
      status: 'skipped',
      message: '4 acknowledged messages were not examined: the topic no longer keeps them',
    },
    passed,
    passed,
  ])
})

test('a partition that cannot be read at all fails the audit', async () => {
  const { audit } = await stored((request) => {
    if (request.key === api.fetch.key) request.answer(fetchRefusal('OFFSET_OUT_OF_RANGE'))
    return request.key === api.fetch.key
  })
  await expect(audit()).rejects.toMatchObject({ code: 'OFFSET_OUT_OF_RANGE' })
})

test('damage is a violation, and what is behind it is not called lost', async () => {
  const { audit } = await stored((request) => {
    if (request.key !== api.fetch.key) return false
    const { answer } = request
    Object.assign(request, {
      answer(body: Buffer) {
        const changed = changeBatch(body, () => {})
        changed[changed.length - 2]! ^= 1
        answer(changed)
      },
    })
    return false
  })
  const [kept, unseen, , , contents] = await audit()
  expect(kept).toMatchObject({ violations: 0 })
  expect(unseen).toMatchObject({
    status: 'skipped',
    message: expect.stringContaining('not examined: contents before them are damaged') as string,
  })
  expect(contents).toMatchObject({
    name: 'reads return what was written',
    status: 'failed',
    violations: 1,
    message: expect.stringContaining('the checksum of a batch is wrong') as string,
  })
})

test('a message whose head is damaged is a violation, and is taken for no other', async () => {
  const { audit } = await stored((request) => {
    if (request.key !== api.fetch.key) return false
    const { answer } = request
    Object.assign(request, {
      answer: (body: Buffer) =>
        answer(
          changeBatch(body, (batch) => {
            // a digit of the sequence number of message 0
            batch[batch.indexOf('.000001.') + 10] = 120
          }),
        ),
    })
    return false
  })
  const findings = await audit()
  expect(findings[0]).toMatchObject({ status: 'failed', violations: 1 })
  expect(findings.slice(1, 3)).toMatchObject([passed, passed])
  expect(findings[3]).toMatchObject({
    status: 'failed',
    violations: 1,
    message: 'the message at offset 0 of partition 0 has a damaged head',
  })
})

test('messages of a topic that was made anew are looked for where it begins', async () => {
  const { target } = await loopbackServer(driver)
  const fields = { topic: 't', lingerMs: 0, connectTimeoutMs: '1s' }
  const others = openFlow(driver, target, fields)
  await others.prepare()
  await others.sendAll(await others.open(), 10)
  const { open, sendAll, audit } = openFlow(driver, target, fields)
  await sendAll(await open(), 10)
  await others.cleanup()
  await others.prepare()
  await sendAll(await open(), 5)
  expect((await audit())[0]).toMatchObject({ status: 'failed', examined: 15, violations: 10 })
})
