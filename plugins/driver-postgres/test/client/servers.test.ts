import { countingProxy } from '@cloudbench/fixtures/counting-proxy'
import { freePort } from '@cloudbench/fixtures/free-port'
import { refusalOf, refusalsOf } from '@cloudbench/fixtures/refusal'
import { openFlow } from '@cloudbench/testkit/flow'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { lanes } from '../fixtures/lanes.ts'
import { createCluster, type Cluster } from '../servers/cluster.ts'
import { loopbackTarget } from '../servers/loopback.ts'
import { realPostgres, withoutPostgres } from '../servers/postgres.ts'
import { replies, scriptedServer } from '../servers/scripted.ts'

const refusalOfUrl = refusalsOf(driver, { rows: 10, preload: false })
const portOf = (url: string): number => Number(new URL(url).port)

/** A server that answers every client with an error. */
const refusing = (code: string, message: string): Promise<string> =>
  scriptedServer((socket) => {
    const fields = `SFATAL\0VFATAL\0C${code}\0M${message}\0\0`
    socket.once('data', () => {
      const head = Buffer.alloc(5)
      head.write('E')
      head.writeInt32BE(4 + fields.length, 1)
      socket.end(head.toString('latin1') + fields, 'latin1')
    })
  })

describe.each(lanes)('several hosts; client: %s', (client) => {
  const refusal = refusalsOf(driver, { client, rows: 10, preload: false })

  test('the first that can be reached is used', async () => {
    const [closed, target] = [await freePort(), await loopbackTarget()]
    const proxy = await countingProxy('postgres', portOf(target))
    const { open, send, sockets } = openFlow(
      driver,
      `postgres://127.0.0.1:${closed},127.0.0.1:${proxy.port}/postgres`,
      { client, rows: 10, preload: false },
    )
    const connection = await open()
    expect(await send(connection)).toMatchObject({ name: 'no row' })
    expect(sockets).toEqual({ opened: 1, open: 1 })
    expect(proxy.accepted).toBe(1)
  })

  test('the error names every host that was tried, and why', async () => {
    const [first, second] = [await freePort(), await freePort()]
    const text = await refusal(
      `postgres://u:S3cret@127.0.0.1:${first},no-such-host.invalid,127.0.0.1:${second}`,
    )
    expect(text).toMatch(
      new RegExp(
        `^CB_CONNECT: none of the 3 hosts that were tried can be used: nothing listens on 127.0.0.1:${first}; ` +
          `the name no-such-host.invalid does not resolve \\(\\w+\\); nothing listens on 127.0.0.1:${second}\n`,
      ),
    )
    expect(text).toMatch(/\n {2}expected: .*\n {2}next: /)
    expect(text).not.toContain('S3cret')
  })

  test('one that refuses a user ends the search, and one that is starting does not', async () => {
    const good = portOf(await loopbackTarget())
    const refuses = portOf(await refusing('28P01', 'password authentication failed for user "u"'))
    const starts = portOf(await refusing('57P03', 'the database system is starting up'))
    const text = await refusal(
      `postgres://u:S3cret@127.0.0.1:${starts},127.0.0.1:${refuses},127.0.0.1:${good}/d`,
    )
    expect(text).toMatch(/none of the 2 hosts .*:\d+ is not ready: .*; .*:\d+ rejected the credentials/)
    const { open } = openFlow(driver, `postgres://127.0.0.1:${starts},127.0.0.1:${good}/d`, {
      client,
      rows: 10,
      preload: false,
    })
    expect((await open()).streams).toBe(1)
  })

  test('one that accepts and says nothing is given up after connectTimeoutMs', async () => {
    const silent = portOf(await scriptedServer(() => {}))
    const good = portOf(await loopbackTarget())
    const { open, sockets } = openFlow(driver, `postgres://127.0.0.1:${silent},127.0.0.1:${good}/d`, {
      client,
      rows: 10,
      preload: false,
      connectTimeoutMs: '2s',
    })
    expect((await open()).streams).toBe(1)
    // the server that said nothing had accepted a connection as well
    expect(sockets.opened).toBe(2)
    await expect.poll(() => sockets.open, { timeout: 20_000 }).toBe(1)
  })

  test('with load_balance_hosts=random, connections spread over the hosts, by the seed', async () => {
    const target = portOf(await loopbackTarget())
    const spread = async (seed: number): Promise<readonly number[]> => {
      const proxies = [await countingProxy('postgres', target), await countingProxy('postgres', target)]
      const hosts = proxies.map(({ port }) => `127.0.0.1:${port}`).join(',')
      const flow = openFlow(
        driver,
        `postgres://${hosts}/d?load_balance_hosts=random`,
        { client, rows: 10, preload: false },
        { seed },
      )
      for (let index = 0; index < 20; index++) await flow.open(index, 20)
      return proxies.map(({ accepted }) => accepted)
    }
    const counts = await spread(1)
    expect(counts[0]! + counts[1]!).toBe(20)
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  test('one that closes without a word does not end it', async () => {
    const closes = portOf(await scriptedServer((socket) => socket.on('data', () => socket.end())))
    const good = portOf(await loopbackTarget())
    const options = { client, rows: 10, preload: false }
    const { open, sockets } = openFlow(driver, `postgres://127.0.0.1:${closes},127.0.0.1:${good}/d`, options)
    expect((await open()).streams).toBe(1)
    // once each
    expect(sockets.opened).toBe(2)
  })
})

test('bad lists of hosts and ports are refused without being shown', async () => {
  for (const [url, message] of [
    ['postgres://u:S3cret@a,b?port=1,2,3', /3 ports for 2 hosts/],
    ['postgres://u:S3cret@a:1,b:0/d', /a port that is not a number/],
    ['postgres://u:S3cret@a:1,b:1e3/d', /a port that is not a number/],
    ['postgres://u:S3cret@a,,b/d', /does not name a PostgreSQL database/],
    ['postgres://u:S3cret@a,[::zz]/d', /does not name a PostgreSQL database/],
    ['postgres://u:S3cret@a?target_session_attrs=master', /target_session_attrs=master\n.*prefer-standby/],
    ['postgres://u:S3cret@a?load_balance_hosts=yes', /load_balance_hosts=yes\n.*disable, random/],
  ] as const) {
    const text = await refusalOfUrl(url)
    expect(text).toMatch(message)
    expect(text).toMatch(/^CB_TARGET: .*\n {2}expected: .*\n {2}next: /)
    expect(text).not.toContain('S3cret')
  }
})

describe.skipIf(withoutPostgres)('on two real servers', () => {
  let standby: Cluster
  let primary: Awaited<ReturnType<typeof realPostgres>>

  beforeAll(async () => {
    primary = await realPostgres()
    standby = await createCluster()
    const { prepare, close } = openFlow(driver, urlOf(standby), { rows: 10 }, { atEnd: () => {} })
    await prepare()
    await close()
    await standby.startAsStandby()
  })
  afterAll(() => standby.remove())

  const urlOf = ({ port }: Cluster): string => `postgres://postgres@127.0.0.1:${port}/postgres`
  const both = (kind: string, role = 'postgres'): string =>
    `postgres://${role}@127.0.0.1:${standby.port},127.0.0.1:${primary.cluster.port}/postgres?target_session_attrs=${kind}`

  /** Whose session it is, seen by the connections that the servers have accepted. */
  const used = async (kind: string, order = [standby.port, primary.cluster.port]): Promise<number> => {
    const proxies = await Promise.all(order.map((port) => countingProxy('postgres', port)))
    const hosts = proxies.map(({ port }) => `127.0.0.1:${port}`).join(',')
    const { observe, open, sockets } = openFlow(
      driver,
      `postgres://postgres@${hosts}/postgres?target_session_attrs=${kind}`,
      { rows: 10, schema: 'none', preload: false },
    )
    await observe()
    await expect(open()).rejects.toThrow(/42P01/)
    expect(sockets.opened).toBe(proxies.reduce((sum, { accepted }) => sum + accepted, 0) / 2)
    return order[proxies.findLastIndex(({ accepted }) => accepted > 0)]!
  }

  test.each([
    ['any', 'standby'],
    ['read-write', 'primary'],
    ['primary', 'primary'],
    ['read-only', 'standby'],
    ['standby', 'standby'],
    ['prefer-standby', 'standby'],
  ])('target_session_attrs=%s takes the %s', async (kind, expected) => {
    expect(await used(kind)).toBe(expected === 'standby' ? standby.port : primary.cluster.port)
  })

  test('target_session_attrs=prefer-standby makes do with a primary', async () => {
    const { port } = primary.cluster
    const closed = await freePort()
    const { prepare } = openFlow(
      driver,
      `postgres://127.0.0.1:${closed},127.0.0.1:${port}/postgres?target_session_attrs=prefer-standby`,
      { rows: 10, schema: primary.schema },
    )
    expect(await prepare()).toMatchObject({ rows: 10 })
  })

  test('a load is prepared and run on the one that takes writes', async () => {
    const { schema, sql } = primary
    const flow = openFlow(driver, both('read-write'), { rows: 10, schema }, { workload: 'mixed' })
    await flow.prepare()
    expect((await flow.sendAll(await flow.open(), 20)).every(({ ok }) => ok)).toBe(true)
    for (const { violations } of await flow.audit()) expect(violations).toBe(0)
    expect(await sql(`SELECT count(*)::int AS rows FROM ${schema}.items`)).toEqual([{ rows: 10 }])
    // both servers have accepted a connection
    expect(flow.sockets).toEqual({ opened: 2, open: 1 })
  })

  test('a session whose role may not write is read-only, and on a primary', async () => {
    const { schema, sql } = primary
    await sql(`CREATE ROLE ${schema} LOGIN; ALTER ROLE ${schema} SET default_transaction_read_only = on`)
    const url = `postgres://${schema}@127.0.0.1:${primary.cluster.port}/postgres?target_session_attrs=`
    expect((await refusalOf(openFlow(driver, `${url}read-write`).open())).message).toMatch(
      /^127\.0\.0\.1:\d+ takes no writes \(default_transaction_read_only is on\)$/,
    )
    for (const kind of ['read-only', 'primary'])
      await expect(openFlow(driver, url + kind, { schema: 'none' }).open()).rejects.toThrow(/42P01/)
  })

  test('a standby with the right rows is read, and takes no writes', async () => {
    const { prepare, open, sendAll, countOf, audit } = openFlow(driver, urlOf(standby), { rows: 10 })
    expect(await prepare()).toMatchObject({ preloaded: 'before' })
    expect(countOf(await sendAll(await open(), 50))).toEqual({ 'select row': 50 })
    for (const { violations } of await audit()) expect(violations).toBe(0)
    for (const [workload, rows] of [
      ['read', 20],
      ['mixed', 10],
    ] as const) {
      const error = await refusalOf(openFlow(driver, urlOf(standby), { rows }, { workload }).prepare())
      expect(error.message).toMatch(/takes no writes: .*read-only transaction|during recovery/)
      expect(error.next).toContain('primary')
    }
  })

  test('the error says what each server is instead', async () => {
    const url = `postgres://postgres@127.0.0.1:${standby.port},127.0.0.1:${standby.port}/postgres`
    expect(await refusalOfUrl(`${url}?target_session_attrs=primary`)).toMatch(
      /none of the 2 hosts .*:\d+ is a standby; .*:\d+ is a standby\n.*target_session_attrs=primary /,
    )
  })
})

test('what is said of a scripted server that is no PostgreSQL stays', async () => {
  const url = await scriptedServer((socket) => {
    socket.once('data', () => socket.write(replies.greeting, 'latin1'))
  })
  expect(await refusalOfUrl(`${url}?target_session_attrs=primary`, { connectTimeoutMs: '200ms' })).toMatch(
    /does not answer/,
  )
})
