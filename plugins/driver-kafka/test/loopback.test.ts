import { once } from 'node:events'
import { connect } from 'node:net'
import type { LoopbackOptions } from '@cloudbench/core'
import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../src/index.ts'
import { lanes } from './servers/lanes.ts'

const dead = expect.stringMatching(/^(CONNECTION_CLOSED|ECONNRESET|EPIPE)$/) as string

async function prepared(options: LoopbackOptions = {}, fields: Record<string, unknown> = {}) {
  const { target } = await loopbackServer(driver, options)
  const made = openFlow(driver, target, fields)
  await made.prepare()
  return made
}

describe.each(lanes)('%s', (client) => {
  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'the driver runs against it, with compression %s',
    async (compression) => {
      const options = { client, compression, partitions: 3, batchesInFlight: client === 'wire' ? 5 : 1 }
      const { open, audit, bytes, sendAll, countOf } = await prepared({}, options)
      expect(countOf(await sendAll(await open(), 5_000))).toEqual({ stored: 5_000 })
      expect(bytes).toEqual({ sent: 5_000_000, received: 0 })
      for (const finding of await audit())
        expect(finding).toMatchObject({ status: 'passed', examined: 5_000, violations: 0 })
    },
  )

  test('failures are batches that are refused', async () => {
    const { open, sendAll, countOf } = await prepared({ failureRate: 0.25 }, { client, inFlight: 1 })
    expect(countOf(await sendAll(await open(), 40))).toEqual({ stored: 30, UNKNOWN_SERVER_ERROR: 10 })
  })
})

test.each([
  { delayMs: 3_600_000 },
  { capacityPerSecond: 0.001 },
  { stall: { afterMs: 0, stallMs: 3_600_000 } },
])('%j: no batch is answered before its time', async (behaviour) => {
  const { open, send } = await prepared(behaviour, { lingerMs: 0 })
  const connection = await open()
  let answers = 0
  send(connection).then(
    () => answers++,
    () => answers++,
  )
  // opening another takes several round trips, which are not held back
  await open()
  expect(answers).toBe(0)
})

test('a batch counts as all its messages', async () => {
  const { open, send, sendAll, countOf } = await prepared({ dieAfterRequests: 10 }, { inFlight: 5 })
  const connection = await open()
  expect(countOf(await sendAll(connection, 10))).toEqual({ stored: 10 })
  await expect(send(connection)).rejects.toMatchObject({ code: dead })
})

test('a server that dies fails what is in flight, and takes no more', async () => {
  const { target, close } = await loopbackServer(driver, { dieAfterRequests: 0 })
  const { prepare, open, send } = openFlow(driver, target)
  await prepare()
  const connection = await open()
  await expect(send(connection)).rejects.toMatchObject({ code: dead })
  await expect(send(connection)).rejects.toMatchObject({ code: dead })
  await expect(open()).rejects.toThrow(/nothing listens/)
  await close()
  await close()
})

test('it keeps the newest messages of a partition, and the audit knows what is gone', async () => {
  const { open, audit, sendAll, countOf } = await prepared(
    {},
    { compression: 'none', valueSize: '1MB', inFlight: 8, idempotent: false },
  )
  expect(countOf(await sendAll(await open(), 100))).toEqual({ stored: 100 })
  const findings = await audit()
  const [stored] = findings
  expect(stored).toMatchObject({ status: 'passed', violations: 0 })
  expect(stored!.examined).toBeLessThan(100)
  expect(
    findings.find(({ name }) => name === 'acknowledged messages are kept until the audit'),
  ).toMatchObject({
    status: 'skipped',
    message: expect.stringMatching(/\d/) as string,
  })
})

test.each(['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x08\0\x63\0\0\0\0\0\0'])(
  'a client that sends %j is hung up on',
  async (text) => {
    const { target } = await loopbackServer(driver)
    const socket = connect(Number(target.split(':')[2]), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(text, 'latin1')
    await once(socket, 'close')
    expect(socket.bytesRead).toBe(0)
  },
)
