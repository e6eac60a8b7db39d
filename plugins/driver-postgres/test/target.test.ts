import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { certificateFile } from '@cloudbench/fixtures/certificates'
import { refusalsOf } from '@cloudbench/fixtures/refusal'
import { temporaryFolder } from '@cloudbench/fixtures/run-scenario'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { parseTarget } from '../src/target.ts'
import { lanes } from './fixtures/lanes.ts'
import { loopbackTarget } from './servers/loopback.ts'
import { realPostgres, withoutPostgres } from './servers/postgres.ts'

const one = (server: object): object => ({ servers: [server] })

const urls: readonly (readonly [string, object])[] = [
  [
    'postgres://h',
    one({ host: 'h', port: 5432, user: 'postgres', database: 'postgres', sslMode: 'disable' }),
  ],
  ['postgres:///d?host=/run/postgresql', one({ host: '/run/postgresql', database: 'd', sslMode: 'disable' })],
  [
    'postgres://%2Frun%2Fpostgresql/d?port=6000',
    one({ shown: '/run/postgresql/.s.PGSQL.6000', database: 'd' }),
  ],
  ['postgresql://u:p%25@[::1]:1/d', one({ host: '::1', shown: '[::1]:1', user: 'u', password: 'p%' })],
  ['postgres://u:p@ss@h/d', one({ host: 'h', user: 'u', password: 'p@ss' })],
  [
    'postgres://u:p@a:5433,b,[::1]:5434/d',
    {
      servers: [
        { shown: 'a:5433', user: 'u', password: 'p', database: 'd' },
        { shown: 'b:5432', user: 'u', password: 'p', database: 'd' },
        { shown: '[::1]:5434', user: 'u', password: 'p', database: 'd' },
      ],
    },
  ],
  ['postgres:///d?host=a,b&port=1,2', { servers: [{ shown: 'a:1' }, { shown: 'b:2' }] }],
  ['postgres:///d?host=a,b&port=7', { servers: [{ shown: 'a:7' }, { shown: 'b:7' }] }],
  ['postgres://a,b?port=,7', { servers: [{ shown: 'a:5432' }, { shown: 'b:7' }] }],
  [
    'postgres:///d?host=/run/postgresql,b&sslmode=require',
    { servers: [{ sslMode: 'disable' }, { sslMode: 'require' }] },
  ],
  ['postgres://h', { sessionKind: 'any', isBalanced: false }],
  ['postgres://a,b?load_balance_hosts=random', { isBalanced: true }],
  ...['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'].map(
    (sessionKind) => [`postgres://h?target_session_attrs=${sessionKind}`, { sessionKind }] as const,
  ),
  ['postgres://h?application_name=shop', { applicationName: 'shop' }],
  ['postgres://h?options=-c%20jit%3Doff', { options: '-c jit=off' }],
  ['postgres://h?connect_timeout=3', { connectTimeoutMs: 3_000 }],
  ...['allow', 'prefer', 'require', 'verify-ca', 'verify-full'].map(
    (sslMode) => [`postgres://h?sslmode=${sslMode}`, one({ sslMode })] as const,
  ),
]

test.each(urls)('%s', (url, expected) => {
  expect(parseTarget(url)).toMatchObject(expected)
})

test('TLS on a Unix socket is refused', async () => {
  expect(await refusalsOf(driver)('postgres:///d?host=/run/postgresql', { tls: {} })).toMatch(/has no TLS/)
})

test.each(lanes)('a Unix socket that is not there; client: %s', async (client) => {
  expect(await refusalsOf(driver, { client })('postgres:///d?host=/no/such')).toMatch(
    /\/no\/such\/\.s\.PGSQL\.5432/,
  )
})

test.each(lanes)('a Unix socket is loaded like a port; client: %s', async (client) => {
  const folder = await temporaryFolder()
  const { port } = new URL(await loopbackTarget())
  const server = createServer((near) => {
    const far = connect(Number(port), '127.0.0.1')
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => {})
  }).listen(join(folder, '.s.PGSQL.5433'))
  onTestFinished(() => void server.close())
  const url = `postgres:///d?host=${encodeURIComponent(folder)}&port=5433`
  const { open, sendAll, countOf, sockets } = openFlow(driver, url, { client, rows: 10, preload: false })
  expect(countOf(await sendAll(await open(), 10))).toEqual({ 'select no row': 10 })
  expect(sockets).toEqual({ opened: 1, open: 1 })
})

test('sslmode=prefer does without TLS where the server has none', async () => {
  expect((await openFlow(driver, `${await loopbackTarget()}?sslmode=prefer`).open()).streams).toBe(1)
})

describe.skipIf(withoutPostgres)('on a real PostgreSQL', () => {
  const usesTls = `SELECT bool_or(ssl) AS ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = `

  test.each([
    ['allow', false],
    ['prefer', true],
    ['verify-ca', true],
  ] as const)('sslmode=%s', async (mode, ssl) => {
    const { tlsUrl, schema, sql } = await realPostgres()
    const url = `${tlsUrl.replace('verify-full', mode)}&application_name=${schema}`
    // verify-ca trusts the authority, and does not compare the name
    const tls = { ca: certificateFile('authority.pem'), servername: 'other.test' }
    const { prepare, open } = openFlow(driver, url, {
      schema,
      rows: 10,
      ...(mode === 'verify-ca' && { tls }),
    })
    await prepare()
    await open()
    expect(await sql(`${usesTls}'${schema}'`)).toEqual([{ ssl }])
  })

  test('sslmode=allow takes TLS where the server lets no one in without', async () => {
    const { tlsUrl, schema, sql } = await realPostgres()
    await sql('CREATE ROLE encrypted SUPERUSER LOGIN')
    const url = tlsUrl.replace('postgres@', 'encrypted@')
    expect(await refusalsOf(driver)(url.replace('verify-full', 'disable'), { schema })).toMatch(
      /no encryption/,
    )
    const { prepare, open } = openFlow(
      driver,
      `${url.replace('verify-full', 'allow')}&application_name=${schema}`,
      { schema, rows: 10 },
    )
    await prepare()
    await open()
    expect(await sql(`${usesTls}'${schema}'`)).toEqual([{ ssl: true }])
  })

  test('settings of the session', async () => {
    const { url, schema } = await realPostgres()
    const { prepare } = openFlow(driver, `${url}?options=-c%20default_transaction_read_only%3Don`, {
      schema,
      rows: 10,
    })
    await expect(prepare()).rejects.toThrow(/25006/)
  })
})
