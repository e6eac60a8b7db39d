import { callOf, openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { api } from '../../src/wire/api.ts'
import { codeOf } from '../../src/wire/protocol-errors.ts'
import { produceAnswer, producedIn, scriptedBroker, type Produced } from '../servers/scripted.ts'

/** A broker that answers the first batches with an error. */
async function refusing(name: string, times: number, options: Record<string, unknown> = {}) {
  const seen: Produced[] = []
  const { url } = await scriptedBroker({
    take(request) {
      if (request.key !== api.produce.key) return false
      const produced = producedIn(request)
      seen.push(produced)
      if (seen.length > times) return false
      request.answer(produceAnswer(produced, codeOf(name)))
      return true
    },
  })
  const made = openFlow(driver, url, options)
  await made.prepare()
  return { ...made, seen }
}

test('a refusal is an outcome under the protocol’s name', async () => {
  const { open, audit, sendAll, countOf } = await refusing('NOT_ENOUGH_REPLICAS', 2, { inFlight: 1 })
  expect(countOf(await sendAll(await open(), 10))).toEqual({ NOT_ENOUGH_REPLICAS: 2, stored: 8 })
  expect((await audit())[0]).toMatchObject({ status: 'passed', examined: 8 })
})

test('an error that the driver does not know is counted by its number', async () => {
  const made = await scriptedBroker({
    take(request) {
      if (request.key !== api.produce.key) return false
      request.answer(produceAnswer(producedIn(request), 999))
      return true
    },
  })
  const { prepare, open, send } = openFlow(driver, made.url)
  await prepare()
  expect(await send(await open())).toMatchObject({ name: 'ERROR_999', ok: false })
})

test.each(['NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE'])(
  '%s ends the connection, so that the next one looks for the leader',
  async (name) => {
    const { open, send, sendAll, countOf } = await refusing(name, 1, { inFlight: 3, lingerMs: '60m' })
    const connection = await open()
    const failures = await Promise.allSettled([0, 1, 2].map((index) => send(connection, index)))
    for (const failure of failures)
      expect(failure).toMatchObject({ status: 'rejected', reason: { code: name } })
    await expect(send(connection)).rejects.toMatchObject({ code: name })
    await connection.close()
    expect(countOf(await sendAll(await open(), 30))).toEqual({ stored: 30 })
  },
)

test('after a refusal, an idempotent producer gets a new id as soon as nothing is in flight', async () => {
  const { open, seen, sendAll, countOf } = await refusing('MESSAGE_TOO_LARGE', 1, {
    inFlight: 10,
    batchSize: '1000B',
    lingerMs: 0,
  })
  expect(countOf(await sendAll(await open(), 20))).toEqual({ MESSAGE_TOO_LARGE: 1, stored: 19 })
  const [first] = seen as [Produced]
  const others = seen.filter(({ producerId }) => producerId !== first.producerId)
  expect(first.producerId).toBeGreaterThan(0)
  expect(new Set(others.map(({ producerId }) => producerId)).size).toBe(1)
  expect(others.map(({ baseSequence }) => baseSequence)).toEqual(others.map((_, at) => at))
})

test('a producer that is not idempotent has no id', async () => {
  const { open, seen, send } = await refusing('', 0, { idempotent: false })
  await send(await open())
  expect(seen).toMatchObject([{ producerId: -1, baseSequence: -1 }])
})

test('a user who may not have a producer id is told what to do', async () => {
  const { url } = await scriptedBroker({
    take({ key, answer }) {
      if (key !== api.initProducerId.key) return false
      const body = Buffer.alloc(16)
      body.writeInt16BE(codeOf('CLUSTER_AUTHORIZATION_FAILED'), 4)
      answer(body)
      return true
    },
  })
  const { prepare, open } = openFlow(driver, url)
  await prepare()
  await expect(open()).rejects.toMatchObject({
    code: 'CB_CONNECT',
    next: expect.stringContaining('options.idempotent') as string,
  })
})

test('a coordinator that is still loading is asked again', async () => {
  let asked = 0
  const { url } = await scriptedBroker({
    take({ key, answer }) {
      if (key !== api.initProducerId.key || ++asked > 2) return false
      const body = Buffer.alloc(16)
      body.writeInt16BE(codeOf('COORDINATOR_LOAD_IN_PROGRESS'), 4)
      answer(body)
      return true
    },
  })
  const { prepare, open, send } = openFlow(driver, url)
  await prepare()
  expect(await send(await open())).toMatchObject({ name: 'stored' })
  expect(asked).toBe(3)
})

test('a wrong advertised address is reported as such', async () => {
  const { url } = await scriptedBroker({ advertised: 1 })
  await expect(openFlow(driver, url, { createTopic: false, topic: 'x' }).prepare()).rejects.toMatchObject({
    code: 'CB_CONNECT',
    message: expect.stringContaining('nothing listens on 127.0.0.1:1') as string,
    next: expect.stringContaining('advertised.listeners') as string,
  })
})

test('when the connection is lost, messages that have not left are given back', async () => {
  const { open } = await refusing('NOT_LEADER_OR_FOLLOWER', 1, {
    inFlight: 9,
    lingerMs: '60m',
    batchSize: '2500B',
  })
  const connection = await open()
  const endings: string[] = []
  const issue = (index: number): void =>
    connection.issue!({
      ...callOf(index),
      answered: () => {},
      done: ({ name }) => void endings.push(name),
      fail: () => void endings.push('failed'),
      unsent: () => void endings.push('unsent'),
    })
  // two fill a batch, which is refused; the third waits for others
  for (let index = 0; index < 3; index++) issue(index)
  await expect.poll(() => endings).toEqual(['unsent'])
  issue(3)
  expect(endings).toEqual(['unsent', 'unsent'])
})
