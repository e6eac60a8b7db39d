import { connect } from 'node:net'
import { certificateFile } from '@cloudbench/fixtures/certificates'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { createKeyspace } from '../../src/payload/keyspace.ts'
import { lanes, loopbackUrl, realRedis, withoutRedis } from '../servers/redis.ts'

/** Passes answers on one byte at a time. */
async function dribble(target: string): Promise<string> {
  const { target: url } = await tcpServer('redis', (near) => {
    const far = connect(Number(new URL(target).port), '127.0.0.1')
    near.pipe(far)
    near.setNoDelay(true)
    far.on('data', (data) => {
      for (const byte of data) near.write(Buffer.of(byte))
    })
    far.on('error', () => near.destroy())
    far.on('close', () => near.destroy())
    near.on('close', () => far.destroy())
  })
  return url
}

/** Counts its reads, and has no value under any key. */
async function countingServer(): Promise<{ readonly url: string; readonly counts: { reads: number } }> {
  const counts = { reads: 0 }
  const { target: url } = await tcpServer('redis', (socket) => {
    socket.on('data', (data) => {
      counts.reads++
      const commands = data.toString().split('*').length - 1
      socket.write(data.toString().includes('PING') ? '+PONG\r\n' : '$-1\r\n'.repeat(commands))
    })
  })
  return { url, counts }
}

describe.each(lanes)('client: %s', (lane) => {
  test('replies that arrive in pieces are put together', async () => {
    const url = await dribble(await loopbackUrl())
    const options = { client: lane, keys: 20, reads: '50%', pipelining: 5 }
    const { open, prepare, sendAll, countOf } = openFlow(driver, url, options)
    await prepare()
    expect(Object.keys(countOf(await sendAll(await open(), 100))).toSorted()).toEqual(['get hit', 'set ok'])
  })

  test.skipIf(withoutRedis)('many requests in flight over TLS', async () => {
    const { url } = await realRedis({ hasTls: true })
    const tls = { ca: certificateFile('authority.pem') }
    const options = { client: lane, keys: 50, reads: '50%', pipelining: 16, tls }
    const { open, prepare, sendAll, countOf, audit } = openFlow(driver, url, options)
    await prepare()
    const connections = await Promise.all([open(0, 2), open(1, 2)])
    for (const outcomes of await Promise.all(connections.map((connection) => sendAll(connection, 500))))
      expect(Object.keys(countOf(outcomes)).toSorted()).toEqual(['get hit', 'set ok'])
    for (const finding of await audit()) expect(finding).toMatchObject({ violations: 0 })
  })

  test.skipIf(withoutRedis)(
    'a write in flight on a connection that is closed may be stored or not',
    async () => {
      const { url, client } = await realRedis()
      const options = { client: lane, keys: 1, prefix: 'test:', reads: '0%' }
      const { open, prepare, send, audit } = openFlow(driver, url, options)
      await prepare()
      const connection = await open()
      await send(connection)
      await client.call('CLIENT', 'PAUSE', '60000', 'WRITE')
      const waiting = send(connection).catch(() => {})
      await expect.poll(() => client.info('clients'), { timeout: 60_000 }).toMatch(/blocked_clients:[1-9]/)
      await connection.close()
      await waiting
      await client.call('CLIENT', 'UNPAUSE')
      // whatever arrives late
      await client.set('test:0', createKeyspace({ prefix: 'test:', valueSize: 100 }).valueOf(0, 2, 1))
      for (const finding of await audit()) expect(finding).toMatchObject({ violations: 0 })
    },
  )
})

test.each([{ client: 'wire' }, { client: 'ioredis', autoPipelining: true }, { client: 'node-redis' }])(
  'requests of one turn leave as one write: %j',
  async (client) => {
    const { url, counts } = await countingServer()
    const options = { ...client, preload: false, reads: '100%', pipelining: 50 }
    const { open, sendAll } = openFlow(driver, url, options)
    const connection = await open()
    counts.reads = 0
    await sendAll(connection, 50)
    expect(counts.reads).toBe(1)
  },
)
