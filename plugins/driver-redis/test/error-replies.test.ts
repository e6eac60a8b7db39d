import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CloudbenchError } from '@cloudbench/core'
import { refusalOf } from '@cloudbench/fixtures/refusal'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, onTestFinished, test } from 'vitest'
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

/** Waits until that is what the server replies to a client that does not wait for it to be ready. */
async function untilPing(client: RealRedis['client'], reply: string): Promise<void> {
  const other = client.duplicate({ lazyConnect: false, enableReadyCheck: false })
  other.on('error', () => {})
  try {
    const ping = (): Promise<string> => other.ping().catch((error: Error) => error.message)
    await expect.poll(ping, { timeout: 60_000, interval: 10 }).toContain(reply)
  } finally {
    other.disconnect()
  }
}

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
    [
      'NOPERM for keys',
      ({ client }) => client.acl('SETUSER', 'default', 'resetkeys', '~other:*'),
      /may not do that on 127.0.0.1:\d+: NOPERM .*keys/,
      [],
    ],
    [
      'NOREPLICAS',
      ({ client }) => client.config('SET', 'min-replicas-to-write', '1'),
      /too few replicas: NOREPLICAS/,
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

  const refused: typeof cases = [
    [
      'MISCONF',
      async ({ client }) => {
        const [, folder] = await client.config('GET', 'dir')
        // a snapshot cannot take the place of a folder
        await mkdir(join(folder!, 'dump.rdb'))
        await client.config('SET', 'save', '1 1')
        await client.set('any', 'value')
        await client.call('BGSAVE')
        await expect
          .poll(() => client.info('persistence'), { timeout: 60_000 })
          .toContain('rdb_last_bgsave_status:err')
      },
      /cannot save its data: MISCONF/,
      [],
    ],
    [
      'LOADING',
      async ({ client, kill, start }) => {
        for (let index = 0; index < 200; index++) await client.set(`any:${index}`, 'x'.repeat(100))
        await client.call('SAVE')
        await kill()
        const loading = start()
        onTestFinished(() => loading)
        await untilPing(client, 'LOADING')
      },
      /is loading its data: LOADING/,
      ['--key-load-delay', '20000', '--loading-process-events-interval-bytes', '1024'],
    ],
    [
      'BUSY',
      async ({ client }) => {
        void client.eval('while true do end', 0).catch(() => {})
        await untilPing(client, 'BUSY')
      },
      /is busy with a script or function: BUSY/,
      ['--busy-reply-threshold', '10'],
    ],
    [
      'MASTERDOWN',
      ({ client }) => client.replicaof('127.0.0.1', 1),
      /lost its primary: MASTERDOWN/,
      ['--replica-serve-stale-data', 'no'],
    ],
    [
      'maxclients',
      ({ client }) => client.config('SET', 'maxclients', '1'),
      /takes no more connections: ERR max/,
      [],
    ],
    ['no PING', ({ client }) => client.acl('SETUSER', 'default', '-ping'), /may not do that on .*'ping'/, []],
  ]

  test.each(refused)('refused before that: %s', async (_, change, what, flags) => {
    const redis = await realRedis({ flags })
    await change(redis)
    const error = await refusalOf(openFlow(driver, redis.url, { keys: 100 }).prepare())
    expect(error.code).toBe('CB_CONNECT')
    expect(error.message).toMatch(what)
    expect(error.next).toMatch(/\w{4}/)
  })

  test.each([
    ['/99', /has no database 99: ERR DB index is out of range/, /correct the number/],
    ['//:S3cret@', /has no password: ERR AUTH/, /remove the password/],
  ])('a url that does not fit: %s', async (part, what, next) => {
    const { url } = await realRedis()
    const wrong = part.startsWith('//') ? url.replace('//', part) : url + part
    const error = await refusalOf(openFlow(driver, wrong).open())
    expect(error.message).toMatch(what)
    expect(error.next).toMatch(next)
    expect(error.format()).not.toContain('S3cret')
  })

  test('counters that the user may not read are explained', async () => {
    const { url, client } = await realRedis()
    await client.acl('SETUSER', 'default', '-info')
    expect((await refusalOf(openFlow(driver, url).observe())).message).toMatch(/may not do that on .*'info'/)
  })

  test('a server that goes while it is prepared is named', async () => {
    const { url, client, kill } = await realRedis()
    await client.call('CLIENT', 'PAUSE', '600000', 'WRITE')
    const preparing = refusalOf(openFlow(driver, url, { keys: 10 }).prepare())
    await expect.poll(() => client.info('clients'), { timeout: 60_000 }).toMatch(/blocked_clients:[1-9]/)
    await kill()
    expect(await preparing).toMatchObject({
      code: 'CB_CONNECT',
      message: expect.stringMatching(/^the connection to 127.0.0.1:\d+ was lost: /) as string,
    })
  })

  test('a cluster without some of its slots: prepare is explained, and requests are answered', async () => {
    const flags = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1']
    const { url, client } = await realRedis({ flags: [...flags, '--cluster-require-full-coverage', 'no'] })
    await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '8000')
    await expect
      .poll(async () => String(await client.call('CLUSTER', 'INFO')), { timeout: 60_000 })
      .toContain('cluster_state:ok')
    const options = { keys: 20, cluster: true, reads: '100%', pipelining: 20 }
    const error = await refusalOf(openFlow(driver, url, options).prepare())
    expect(error.code).toBe('CB_TARGET')
    expect(error.message).toMatch(/the Redis Cluster of .* is down: CLUSTERDOWN/)
    const { open, sendAll, countOf } = openFlow(driver, url, { ...options, preload: false })
    const answers = await sendAll(await open(), 40)
    expect(Object.keys(countOf(answers)).toSorted()).toEqual(['get CLUSTERDOWN', 'get miss'])
    expect(answers.find(({ name }) => name === 'CLUSTERDOWN')).toMatchObject({
      ok: false,
      example: 'CLUSTERDOWN Hash slot not served',
    })
  })
})

test('a server in protected mode is explained', async () => {
  const { target: url } = await tcpServer('redis', (socket) => {
    socket.once('data', () => socket.end('-DENIED Redis is running in protected mode. More. And more.\r\n'))
  })
  expect(await refusalOf(openFlow(driver, url).open())).toMatchObject({
    message: expect.stringMatching(
      /its own machine only: DENIED Redis is running in protected mode$/,
    ) as string,
    next: expect.stringContaining('protected-mode') as string,
  })
})
