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
