import { connect } from 'node:net'
import { momentsOf } from '@cloudbench/fixtures/drivers/answered'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { layout } from '../../src/wire/batch-layout.ts'
import { changingBroker, scriptedBroker, setAt } from '../servers/scripted.ts'

const options = { messages: 200, topic: 't', compression: 'none', fetchSize: '1MB' }

/** A consumer of a broker whose answers to Fetch are changed on the way. */
async function consuming(change: (body: Buffer) => Buffer, fields: Record<string, unknown> = {}) {
  let isChanged = false
  const url = await changingBroker((body) => (isChanged ? change(Buffer.from(body)) : body))
  const made = openFlow(driver, url, { ...options, ...fields }, { workload: 'consume' })
  await made.prepare()
  isChanged = true
  return { ...made, connection: await made.open() }
}

test('a wrong checksum ends the connection, and the audit fails', async () => {
  const { connection, send, audit } = await consuming((body) => {
    body[setAt + layout.records + 40]! ^= 1
    return body
  })
  await expect(send(connection)).rejects.toMatchObject({ code: 'CORRUPT_MESSAGE' })
  expect((await audit())[1]).toEqual({
    name: 'reads return what was written',
    status: 'failed',
    examined: 1,
    violations: 1,
    message: 'partition 0 from offset 0 on: the checksum of a batch is wrong',
  })
})

test('messages are decompressed and counted after the time that counts', async () => {
  const whole = await consuming((body) => body)
  const messages = (): number => whole.counters['messages'] ?? 0
  const { answered, done } = await momentsOf(whole.connection, messages)
  expect(answered).toBe(0)
  expect(done).toBeGreaterThan(0)
})

test('offsets that come again fail the audit', async () => {
  let answers = 0
  const { connection, send, audit } = await consuming(
    (body) => {
      if (++answers === 2) body.writeBigInt64BE(0n, setAt)
      return body
    },
    { messages: 2_000, fetchSize: '100B' },
  )
  await send(connection)
  await send(connection)
  expect((await audit())[1]).toMatchObject({
    name: 'reads return what was written',
    status: 'failed',
    violations: 1,
    message: expect.stringMatching(/^partition 0 returned offset 0 again after \d+$/) as string,
  })
})

test('without verify, checksums are not compared', async () => {
  const flipped = (body: Buffer): Buffer => {
    body[setAt + layout.records + 40]! ^= 1
    return body
  }
  const { connection, send, audit } = await consuming(flipped, { verify: false })
  expect(await send(connection)).toMatchObject({ name: 'received' })
  expect((await audit())[1]).toMatchObject({ status: 'skipped', examined: 0 })
})

test.each([-100, -12, 0, 40])(
  'a batch of %i bytes ends the connection, with and without verify',
  async (size) => {
    for (const verify of [true, false]) {
      const { connection, send, audit } = await consuming(
        (body) => {
          body.writeInt32BE(size, setAt + layout.length)
          return body
        },
        { verify },
      )
      await expect(send(connection)).rejects.toMatchObject({ code: 'CORRUPT_MESSAGE' })
      expect((await audit())[1]).toMatchObject({ status: 'failed', violations: 1 })
    }
  },
)

test('skipped offsets are a gap, and the audit fails', async () => {
  const { connection, audit, send } = await consuming((body) => {
    body.writeBigInt64BE(body.readBigInt64BE(setAt) + 7n, setAt)
    return body
  })
  const example = 'partition 0 has nothing from offset 0 to 7'
  expect(await send(connection)).toMatchObject({ name: 'gap', ok: false, example })
  const [finding] = await audit()
  expect(finding).toMatchObject({
    name: 'messages are read without gaps',
    status: 'failed',
    message: example,
  })
})

test('an answer that is cut off ends the connection', async () => {
  const { connection, send } = await consuming((body) => body.subarray(0, 20))
  await expect(send(connection)).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
})

test('an unsupported compression is named', async () => {
  const { connection, send } = await consuming(
    (body) => {
      body.writeInt16BE(2, setAt + layout.attributes)
      return body
    },
    { verify: true },
  )
  await expect(send(connection)).rejects.toMatchObject({
    code: expect.stringMatching(/CORRUPT_MESSAGE|UNSUPPORTED_COMPRESSION_TYPE/) as string,
  })
})

test('an answer to another request ends the connection', async () => {
  let isDamaging = false
  let upstream = 0
  const { port: advertised } = await tcpServer('kafka', (socket) => {
    const behind = connect(upstream, '127.0.0.1')
    behind.on('error', () => {})
    behind.on('data', (data) => {
      if (isDamaging) data[7]! ^= 1
      socket.write(data)
    })
    socket.on('data', (data) => behind.write(data))
    socket.on('close', () => behind.destroy())
  })
  const { url, port } = await scriptedBroker({ advertised })
  upstream = port
  const { prepare, open, send } = openFlow(driver, url)
  await prepare()
  const connection = await open()
  expect(await send(connection)).toMatchObject({ name: 'stored' })
  isDamaging = true
  await expect(send(connection)).rejects.toMatchObject({ code: 'INVALID_RESPONSE' })
})
