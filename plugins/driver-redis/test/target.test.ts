import { join } from 'node:path'
import { refusalsOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { parseTarget } from '../src/target.ts'
import { lanes, realRedis, withoutRedis } from './servers/redis.ts'

test.each([
  ['redis://h', { host: 'h', port: 6379, db: 0, isTls: false, path: undefined, shown: 'h:6379' }],
  ['redis://h:7000/3', { port: 7000, db: 3 }],
  ['redis://h?db=2', { db: 2 }],
  ['rediss://u:p%25w@[::1]/2?db=2', { host: '::1', isTls: true, username: 'u', password: 'p%w', db: 2 }],
  ['unix:/run/redis.sock?db=1', { path: '/run/redis.sock', db: 1, shown: '/run/redis.sock' }],
  ['unix:///run/my%20redis.sock', { path: '/run/my redis.sock', db: 0 }],
  ['redis+unix:///run/redis.sock?db=4', { path: '/run/redis.sock', db: 4 }],
  [
    'unix://bench:pw@localhost/run/redis.sock',
    { path: '/run/redis.sock', username: 'bench', password: 'pw' },
  ],
])('%s', (url, expected) => {
  expect(parseTarget(url)).toMatchObject(expected)
})

test.each([
  ['redis://u:S3cret%@h', /has a % that is not followed by two hexadecimal digits/],
  ['redis://u%zz:S3cret@h', /has a % that is not followed/],
  ['redis://u:S3cret%E0%A4@h', /has a % that is not followed/],
  ['redis://u:S3cret@h?timeout=3', /has the parameter "timeout", which the driver does not know/],
  ['redis://u:S3cret@h?db=two', /a database that is not a number/],
  ['redis://u:S3cret@h/1?db=2', /names two databases/],
  ['redis://u:S3cret@h/1#2', /is not the URL of a Redis server/],
  ['unix://u:S3cret@elsewhere/run/redis.sock', /is not the URL of a Redis server/],
  ['unix:redis.sock', /is not the URL of a Redis server/],
])('%s is refused without being shown', async (url, message) => {
  const text = await refusalsOf(driver)(url)
  expect(text).toMatch(/^CB_TARGET: /)
  expect(text).toMatch(message)
  expect(text).not.toContain('S3cret')
})

test.each([
  { cluster: true },
  { tls: {} },
  { client: 'ioredis', tls: {} },
  { client: 'node-redis', tls: {} },
])('a Unix socket with %j is refused', async (options) => {
  expect(await refusalsOf(driver)('unix:/run/redis.sock', options)).toMatch(/neither TLS nor a cluster/)
})

test('a Unix socket that is not there', async () => {
  expect(await refusalsOf(driver)('unix:/no/such/redis.sock')).toMatch(/no such file|ENOENT/)
})

test.skipIf(withoutRedis).each(lanes)(
  'a database of a Unix socket, and by parameter, is the one that is loaded: %s',
  async (lane) => {
    const { url, client } = await realRedis({ flags: ['--unixsocket', 'redis.sock'] })
    const [, folder] = await client.config('GET', 'dir')
    for (const [target, db] of [
      [`unix:${join(folder!, 'redis.sock')}?db=1`, 1],
      [`${url}?db=2`, 2],
    ] as const) {
      const { prepare, open, sendAll, countOf } = openFlow(driver, target, {
        client: lane,
        keys: 10,
        reads: '100%',
      })
      await prepare()
      expect(countOf(await sendAll(await open(), 50))).toEqual({ 'get hit': 50 })
      await client.select(db)
      expect(await client.dbsize()).toBe(10)
    }
  },
)
