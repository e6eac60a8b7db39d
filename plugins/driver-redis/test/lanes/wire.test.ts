import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { loopbackUrl } from '../servers/redis.ts'

/** Answers whatever is sent with the same, after it has said hello. */
async function server(answer: string): Promise<string> {
  const { target } = await tcpServer('redis', (socket) => {
    socket.once('data', () => {
      socket.on('data', () => socket.write(answer))
      socket.write('+PONG\r\n')
    })
  })
  return target
}

describe('a server that does not keep to the protocol', () => {
  test.each([
    ['a reply to GET of another kind', '+OK\r\n', '100%'],
    ['a reply to SET of another kind', '$3\r\nabc\r\n', '0%'],
    ['a reply to SET of another kind', '$-1\r\n', '0%'],
    ['a reply to GET of another kind', ':1\r\n', '100%'],
    ['a reply that no request waits for', '$-1\r\n$-1\r\n', '100%'],
    ['a reply that begins with', '*1\r\n', '100%'],
    ['a value that begins with', '$9999999999\r\n', '100%'],
  ])('%s: %j', async (what, answer, reads) => {
    const { open, send, lost } = openFlow(driver, await server(answer), { reads, preload: false })
    const connection = await open()
    const sent = send(connection).catch((error: unknown) => error)
    const expected = {
      code: 'PROTOCOL_ERROR',
      message: expect.stringContaining(`Protocol error: ${what}`) as string,
    }
    expect(await lost(connection)).toMatchObject(expected)
    if (!answer.startsWith('$-1\r\n$')) expect(await sent).toMatchObject(expected)
  })
})

test('a write that is never answered may be stored or not', async () => {
  const url = await loopbackUrl({ dieAfterRequests: 50 })
  const options = { keys: 4, reads: '0%', preload: false, pipelining: 4 }
  const { open, sendAll, lost } = openFlow(driver, url, options)
  const connection = await open()
  await expect(sendAll(connection, 200)).rejects.toMatchObject({ code: expect.any(String) as string })
  expect(await lost(connection)).toMatchObject({ code: expect.any(String) as string })
})

test('a request on a connection that is closed is known not to have been sent', async () => {
  const { open, prepare } = openFlow(driver, await loopbackUrl(), { keys: 10 })
  await prepare()
  const connection = await open()
  await connection.close()
  const unsent = await new Promise((resolve, reject) => {
    connection.issue!({
      index: 0,
      random: () => 0.5,
      answered() {},
      done: reject,
      fail: reject,
      unsent: resolve,
    })
  })
  expect(unsent).toMatchObject({ code: 'CONNECTION_CLOSED' })
})

test('a value that is larger than a read is put together, and one of another size is passed over', async () => {
  const url = await loopbackUrl()
  const large = { valueSize: '300KB', keys: 3, reads: '50%', pipelining: 3 }
  const { open, prepare, sendAll, countOf, audit } = openFlow(driver, url, large)
  await prepare()
  expect(Object.keys(countOf(await sendAll(await open(), 30))).toSorted()).toEqual(['get hit', 'set ok'])
  for (const { violations } of await audit()) expect(violations).toBe(0)
  const small = openFlow(driver, url, { ...large, valueSize: '100B', preload: false, reads: '100%' })
  expect(small.countOf(await small.sendAll(await small.open(), 30))).toEqual({ 'get wrong value': 30 })
  expect((await small.audit()).at(-1)).toMatchObject({
    message: expect.stringMatching(/^key \d has a value of 300000 bytes, not of 100$/) as string,
  })
  const unverified = openFlow(driver, url, { ...large, verify: false, reads: '100%' })
  expect(unverified.countOf(await unverified.sendAll(await unverified.open(), 30))).toEqual({ 'get hit': 30 })
  expect(unverified.bytes.received).toBe(30 * 300_000)
})
