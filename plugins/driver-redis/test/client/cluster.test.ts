import { setTimeout as sleep } from 'node:timers/promises'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { realRedis, withoutRedis } from '../servers/redis.ts'

test.skipIf(withoutRedis)('a cluster is loaded through its nodes', async () => {
  const { url, client } = await realRedis({
    flags: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
  })
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
  while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50)
  const { open, prepare, audit, sendAll, countOf } = openFlow(driver, url, {
    keys: 100,
    cluster: true,
    reads: '50%',
    pipelining: 4,
  })
  await prepare()
  const counts = countOf(await sendAll(await open(), 400))
  expect(Object.keys(counts).toSorted()).toEqual(['get hit', 'set ok'])
  for (const finding of await audit()) expect(finding).toMatchObject({ status: 'passed', violations: 0 })
})

test.skipIf(withoutRedis)('a node that belongs to no cluster is refused', async () => {
  const { url } = await realRedis()
  const { open } = openFlow(driver, url, { cluster: true, connectTimeoutMs: '2s' })
  await expect(open()).rejects.toThrow(/no connection to|does not answer/)
})

test.skipIf(withoutRedis)(
  'every connection that the server counts is reported, and none that is closed',
  async () => {
    const { url, client } = await realRedis({
      flags: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    })
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50)
    const received = async (): Promise<number> =>
      Number(/total_connections_received:(\d+)/.exec(await client.info('stats'))?.[1])
    const before = await received()
    const flow = openFlow(driver, url, { keys: 100, cluster: true, preload: false })
    const connections = await Promise.all([0, 1, 2].map((index) => flow.open(index, 3)))
    for (const connection of connections) await flow.sendAll(connection, 50)
    const { opened } = flow.sockets
    expect(opened).toBeGreaterThanOrEqual(3)
    expect(opened).toBe((await received()) - before)
    const others = async (): Promise<number> =>
      String(await client.client('LIST'))
        .trim()
        .split('\n').length - 1
    await expect.poll(async () => flow.sockets.open - (await others()), { timeout: 20_000 }).toBe(0)
    await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
    for (const connection of connections) await flow.lost(connection)
    await expect.poll(() => flow.sockets.open, { timeout: 20_000 }).toBe(0)
  },
)

test('a database of a cluster is refused before the load', async () => {
  const { open, prepare } = openFlow(driver, 'redis://127.0.0.1:1/2', { cluster: true })
  for (const task of [open(), prepare()])
    await expect(task).rejects.toMatchObject({
      code: 'CB_TARGET',
      message: 'a Redis Cluster has no database 2, only 0',
    })
})
