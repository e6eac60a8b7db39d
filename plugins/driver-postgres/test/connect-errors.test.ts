import type { CloudbenchError } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { flow, send } from './context.ts'
import { connected, loopbackTarget, realPostgres, rudeServer, withoutPostgres } from './servers/servers.ts'

async function refusal(url: string, options: Record<string, unknown> = {}): Promise<string> {
  return await flow('read', url, { rows: 10, ...options })
    .open()
    .then(
      () => {
        throw new Error('the connection was opened')
      },
      (error: CloudbenchError) => error.format(),
    )
}

test('nothing listens', async () => {
  expect(await refusal('postgres://127.0.0.1:1')).toMatch(/CB_CONNECT: nothing listens on 127\.0\.0\.1:1\n/)
})

test('the name does not resolve', async () => {
  expect(await refusal('postgres://no-such-host.invalid')).toMatch(
    /name no-such-host\.invalid does not resolve/,
  )
})

test.each(['http://127.0.0.1', 'postgres:///x', 'nonsense', 'postgres://127.0.0.1/a/b'])(
  '%s is not a url of a PostgreSQL database',
  async (url) => {
    expect(await refusal(url)).toMatch(/CB_TARGET: .*expected: postgres:\/\/user/s)
  },
)

test('what a url asks for and the driver does not know is refused, and the url is not shown', async () => {
  for (const [url, message] of [
    [
      'postgres://u:S3cret@127.0.0.1/d?sslmode=prefer',
      /asks for sslmode=prefer\n.*disable, require, verify-full/,
    ],
    ['postgres://u:S3cret@127.0.0.1/d?options=-c%20x', /has the parameter "options"/],
    ['postgres://u:S3cret%zz@127.0.0.1/d', /has a % that is not followed by two hexadecimal digits/],
  ] as const) {
    const text = await refusal(url)
    expect(text).toMatch(message)
    expect(text).not.toContain('S3cret')
  }
})

test('a server that takes connections and says nothing is given up, and its password is not shown', async () => {
  const url = await rudeServer(() => {})
  const text = await refusal(url, { connectTimeoutMs: '200ms' })
  expect(text).toMatch(/does not answer[^]*connectTimeoutMs/)
  expect(text).not.toContain('S3cret')
  expect(await refusal(`${url}?sslmode=verify-full`, { connectTimeoutMs: '200ms' })).toMatch(
    /does not answer/,
  )
})

test.each([
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ['SSH', 'SSH-2.0-OpenSSH_9.9\r\n'],
  ['Redis', '-ERR unknown command\r\n'],
  ['a PostgreSQL gone mad', 'R\0\0\0\u0008\0\0\0cS\0\0\0\u0004'],
])('a server that speaks something else: %s', async (_, answer) => {
  const url = await rudeServer((socket) => {
    socket.on('data', () => socket.write(answer, 'latin1'))
  })
  expect(await refusal(url)).toMatch(/CB_CONNECT: 127\.0\.0\.1:\d+ does not answer as PostgreSQL does/)
})

test('a server that closes at once', async () => {
  const closing = await rudeServer((socket) => socket.on('data', () => socket.destroy()))
  expect(await refusal(closing)).toMatch(/CB_CONNECT: no connection to/)
})

test.skipIf(withoutPostgres)('a wrong password, and none', async () => {
  const { url } = await realPostgres({ password: 'right' })
  const wrong = await refusal(url.replace('postgres@', 'postgres:wr0ng@'))
  expect(wrong).toMatch(/refuses who we are: password authentication failed for user "postgres" \(28P01\)/)
  expect(wrong).not.toContain('wr0ng')
  expect(await refusal(url)).toMatch(/asks for a password, and the target's url has none/)
  const right = url.replace('postgres@', 'postgres:right@')
  const { prepare, open } = flow('read', right, { rows: 10 })
  await prepare()
  expect(await send(await open())).toMatchObject({ ok: true })
})

test.skipIf(withoutPostgres)('a password of the environment is not used', async () => {
  const { url } = await realPostgres({ password: 'right' })
  process.env['PGPASSWORD'] = 'right'
  try {
    expect(await refusal(url)).toMatch(/asks for a password/)
  } finally {
    delete process.env['PGPASSWORD']
  }
})

test.skipIf(withoutPostgres)('a database, and a role, that there is not', async () => {
  const { url } = await realPostgres()
  expect(await refusal(url.replace('/postgres', '/nothing'))).not.toMatch(/no database/)
  expect(await refusal(url.replace(/\/postgres$/, '/nothing'))).toMatch(
    /has no database "nothing" \(3D000\)\n.*\n.*createdb nothing/,
  )
  expect(await refusal(url.replace('postgres@', 'nobody@'))).toMatch(
    /refuses who we are: role "nobody" does not exist \(28000\)/,
  )
})

test.skipIf(withoutPostgres)('tables that nobody has made', async () => {
  const { url, schema } = await realPostgres()
  for (const name of ['read', 'mixed', 'write-heavy'] as const)
    await expect(flow(name, url, { schema }).open()).rejects.toMatchObject({
      message: expect.stringMatching(/has not what the load needs: .* \(42P01\)$/) as string,
      next: expect.stringContaining('preload') as string,
    })
})

test.skipIf(withoutPostgres)('no room for another connection', async () => {
  const { url, schema, cluster } = await realPostgres({
    settings: ['max_connections=5', 'superuser_reserved_connections=0', 'max_wal_senders=0'],
  })
  await flow('read', url, { schema, rows: 10 }).prepare()
  const clients = await Promise.all(Array.from({ length: 5 }, () => connected(cluster.port)))
  expect(await refusal(url, { schema })).toMatch(/takes no more connections: .*\(53300\)[^]*max_connections/)
  await Promise.all(clients.map((client) => client.end()))
})

test('the loopback opens', async () => {
  expect((await flow('read', await loopbackTarget()).open()).streams).toBe(1)
})
