import { setTimeout as sleep } from 'node:timers/promises'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { realRedis, withoutRedis, type RealRedis } from '../servers/redis.ts'

test.skipIf(withoutRedis).each([{}, { autoPipelining: true }])(
  'a cluster is loaded through its nodes: %j',
  async (given) => {
    const { url, client } = await realRedis({
      flags: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
    })
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383')
    while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50)
    const { open, prepare, audit, sendAll, countOf } = openFlow(driver, url, {
      ...given,
      keys: 100,
      cluster: true,
      reads: '50%',
      pipelining: 4,
    })
    await prepare()
    const counts = countOf(await sendAll(await open(), 400))
    expect(Object.keys(counts).toSorted()).toEqual(['get hit', 'set ok'])
    for (const finding of await audit()) expect(finding).toMatchObject({ status: 'passed', violations: 0 })
  },
)

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

/** Two nodes with half of the slots each. */
async function twoNodes(): Promise<readonly [RealRedis, RealRedis]> {
  const flags = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']
  const [first, second] = [await realRedis({ flags }), await realRedis({ flags })]
  await first.client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
  await second.client.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
  await first.client.call('CLUSTER', 'MEET', '127.0.0.1', new URL(second.url).port)
  for (const { client } of [first, second])
    await expect
      .poll(async () => String(await client.call('CLUSTER', 'INFO')), { timeout: 60_000 })
      .toMatch(/cluster_state:ok[^]*cluster_known_nodes:2/)
  return [first, second]
}

test.skipIf(withoutRedis)('slots may move to another node during the load', async () => {
  const [to, from] = await twoNodes()
  const { open, prepare, audit, sendAll, countOf } = openFlow(driver, to.url, {
    keys: 50,
    cluster: true,
    reads: '50%',
    pipelining: 8,
  })
  await prepare()
  const connection = await open()
  const [idOfTo, idOfFrom] = [
    await to.client.call('CLUSTER', 'MYID'),
    await from.client.call('CLUSTER', 'MYID'),
  ]
  const keys = await from.client.keys('*')
  const slots = new Set<number>()
  for (const key of keys) slots.add(Number(await from.client.call('CLUSTER', 'KEYSLOT', key)))
  for (const slot of slots) {
    await to.client.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', String(idOfFrom))
    await from.client.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', String(idOfTo))
  }
  for (const key of keys)
    await from.client.call('MIGRATE', '127.0.0.1', new URL(to.url).port, key, '0', '20000')
  const names = async (): Promise<string[]> => Object.keys(countOf(await sendAll(connection, 200))).toSorted()
  // one after another: ASK, and then MOVED
  expect(await names()).toEqual(['get hit', 'set ok'])
  const plain = openFlow(driver, from.url, { keys: 50, preload: false, reads: '100%' })
  expect(Object.keys(plain.countOf(await plain.sendAll(await plain.open(), 100))).toSorted()).toEqual([
    'get ASK',
    'get MOVED',
  ])
  for (const slot of slots)
    for (const { client } of [to, from]) await client.call('CLUSTER', 'SETSLOT', slot, 'NODE', String(idOfTo))
  expect(await names()).toEqual(['get hit', 'set ok'])
  for (const { violations } of await audit()) expect(violations).toBe(0)
  await to.client.config('SET', 'maxmemory', '1')
  expect(await names()).toEqual(['get hit', 'set OOM'])
})
