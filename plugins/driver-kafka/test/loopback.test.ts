import { connect } from 'node:net'
import { once } from 'node:events'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { flow } from './fixtures/context.ts'
import { countOf, send, sendAll } from './fixtures/send.ts'

async function start(options: LoopbackOptions = {}): Promise<Loopback> {
  const loopback = await driver.loopback!(options)
  onTestFinished(() => loopback.close())
  return loopback
}

async function prepared(options: LoopbackOptions = {}, fields: Record<string, unknown> = {}) {
  const { target } = await start(options)
  const made = flow(target, fields)
  await made.prepare()
  return made
}

test.each(['none', 'gzip', 'zstd'])(
  'the driver runs against it, with compression %s',
  async (compression) => {
    const { open, audit, bytes } = await prepared({}, { compression, partitions: 3 })
    expect(countOf(await sendAll(await open(), 5_000))).toEqual({ stored: 5_000 })
    expect(bytes).toEqual({ sent: 5_000_000, received: 0 })
    for (const finding of await audit())
      expect(finding).toMatchObject({ status: 'passed', examined: 5_000, violations: 0 })
  },
)

test('failures are batches that are refused', async () => {
  const { open } = await prepared({ failureRate: 0.25 }, { inFlight: 1 })
  expect(countOf(await sendAll(await open(), 40))).toEqual({ stored: 30, UNKNOWN_SERVER_ERROR: 10 })
})

test('a delay is at least what was asked for', async () => {
  const { open } = await prepared({ delayMs: 30 })
  const connection = await open()
  const startMs = performance.now()
  await send(connection)
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(29)
})

test('capacity counts messages, however they are batched', async () => {
  const { open } = await prepared({ capacityPerSecond: 1_000 }, { inFlight: 50 })
  const connection = await open()
  const startMs = performance.now()
  await sendAll(connection, 200)
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(199)
})

test('a server that dies ends what is on the way and takes no more', async () => {
  const { target, close } = await start({ dieAfterMs: 300, stall: { afterMs: 0, stallMs: 60_000 } })
  const made = flow(target)
  await made.prepare()
  const connection = await made.open()
  await expect(send(connection)).rejects.toMatchObject({
    code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) as string,
  })
  await expect(send(connection)).rejects.toMatchObject({ code: expect.any(String) as string })
  await expect(flow(target).open()).rejects.toThrow(/nothing listens/)
  await close()
  await close()
})

test('it keeps the newest messages of a partition, and the audit knows what is gone', async () => {
  const { open, audit } = await prepared(
    {},
    { compression: 'none', valueSize: '1MB', inFlight: 8, idempotent: false },
  )
  expect(countOf(await sendAll(await open(), 100))).toEqual({ stored: 100 })
  const [stored] = await audit()
  expect(stored).toMatchObject({ status: 'passed', violations: 0 })
  expect(stored!.examined).toBeLessThan(100)
  expect(stored!.message).toMatch(/^the topic no longer keeps \d+ older ones$/)
})

test.each(['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x08\0\x63\0\0\0\0\0\0'])(
  'what is no request of Kafka, such as %j, is hung up on',
  async (text) => {
    const { target } = await start()
    const socket = connect(Number(target.split(':')[2]), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(text, 'latin1')
    await once(socket, 'close')
    expect(socket.bytesRead).toBe(0)
  },
)
