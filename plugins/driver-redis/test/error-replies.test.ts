import { CloudbenchError } from '@cloudbench/core'
import { refusalOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { connectError, taskError } from '../src/connect-error.ts'
import driver from '../src/index.ts'
import { parseTarget } from '../src/target.ts'
import { realRedis, withoutRedis, type RealRedis } from './servers/redis.ts'

const target = parseTarget('redis://bench:S3cret@127.0.0.1:6379')

function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' })
}

test.each([
  ['MOVED 866 127.0.0.1:7001', /another node has the key/, /option cluster/],
  ['ASK 866 127.0.0.1:7001', /another node has the key/, /option cluster/],
  ["READONLY You can't write against a read only replica.", /is a replica/, /primary/],
  ["OOM command not allowed when used memory > 'maxmemory'.", /no memory left/, /maxmemory/],
  ["NOPERM User bench has no permissions to run the 'set' command", /may not do that/, /ACL SETUSER/],
  ['LOADING Redis is loading the dataset in memory', /is loading/, /wait/],
  ['NOAUTH Authentication required.', /rejected the credentials/, /REDIS_PASSWORD/],
  ['WRONGPASS invalid username-password pair', /rejected the credentials/, /REDIS_PASSWORD/],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', /something else/, /prefix/],
  ['CLUSTERDOWN Hash slot not served', /Cluster of .* is down/, /slots/],
  ['MISCONF Errors writing to the AOF file', /cannot save its data/, /disk/],
  ['BUSY Redis is busy running a script.', /is busy/, /SCRIPT KILL/],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", /lost/, /primary/],
  ['NOREPLICAS Not enough good replicas to write.', /too few replicas/, /min-replicas-to-write/],
  ['TRYAGAIN Multiple keys request during rehashing of slot', /moving slots/, /wait/],
  ['ERR max number of clients reached', /takes no more connections/, /maxclients/],
  ['ERR DB index is out of range', /has no database 0/, /database/],
])('%s: why, and what to do', (reply, what, next) => {
  for (const error of [connectError(replyError(reply), target), taskError(replyError(reply), target)]) {
    expect(error).toBeInstanceOf(CloudbenchError)
    const explained = error as CloudbenchError
    expect(explained.message).toMatch(what)
    expect(explained.message).toContain(reply)
    expect(explained.expected).toMatch(/\w{4}/)
    expect(explained.next).toMatch(next)
    expect(explained.format()).not.toContain('S3cret')
  }
})

test('a reply without an explanation is shown, and other errors are kept', () => {
  expect(taskError(replyError('ERR something new'), target)).toMatchObject({
    code: 'CB_TARGET',
    message: '127.0.0.1:6379 refused a command: ERR something new',
  })
  const other = new Error('This operation was aborted')
  expect(taskError(other, target)).toBe(other)
})

describe.skipIf(withoutRedis)('prepare on a real server', () => {
  const cases: readonly (readonly [
    string,
    (redis: RealRedis) => Promise<unknown>,
    RegExp,
    readonly string[],
  ])[] = [
    ['READONLY', ({ client }) => client.replicaof('127.0.0.1', 1), /is a replica: READONLY/, []],
    ['OOM', ({ client }) => client.config('SET', 'maxmemory', '1'), /no memory left for the keys: OOM/, []],
    [
      'NOPERM',
      ({ client }) => client.acl('SETUSER', 'default', '-set'),
      /may not do that on 127.0.0.1:\d+: NOPERM/,
      [],
    ],
    ['CLUSTERDOWN', async () => {}, /is down: CLUSTERDOWN/, ['--cluster-enabled', 'yes']],
    [
      'MOVED',
      async ({ client }) => {
        const other = await realRedis({ flags: ['--cluster-enabled', 'yes'] })
        await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
        await other.client.call('CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
        await client.call('CLUSTER', 'MEET', '127.0.0.1', new URL(other.url).port)
        await expect
          .poll(async () => String(await client.call('CLUSTER', 'INFO')), { timeout: 60_000 })
          .toContain('cluster_state:ok')
      },
      /another node has the key: MOVED/,
      ['--cluster-enabled', 'yes'],
    ],
  ]

  test.each(cases)('%s', async (_, change, what, flags) => {
    const redis = await realRedis({ flags })
    await change(redis)
    const error = await refusalOf(openFlow(driver, redis.url, { keys: 100 }).prepare())
    expect(error.code).toBe('CB_TARGET')
    expect(error.message).toMatch(what)
  })
})
