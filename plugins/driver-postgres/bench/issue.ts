import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childCpu } from '@cloudbench/fixtures/bench/child-cpu'
import { compare, requestsOr } from '@cloudbench/fixtures/bench/compare'
import { benchFlow, driverCpu } from '@cloudbench/fixtures/bench/driver-cpu'
import { awaiting, ownCpu } from '@cloudbench/fixtures/bench/own-cpu'
import driver from '../src/index.ts'
import { createCluster, postgresFolder } from '../test/servers/cluster.ts'

// CPU of the generator per request of this driver, of pg as it is usually used, and of pgbench, against a real PostgreSQL:
//   node --conditions=@cloudbench/source bench/issue.ts

const rows = 100_000
const documentBytes = 1_024
const batchRows = 100

/** pg with the types that it has for everybody; the driver declares only what it uses itself. */
interface PlainClient {
  connect(): Promise<unknown>
  query(query: { name: string; text: string; values: readonly unknown[] }): Promise<{ rows: unknown[] }>
  query(text: string): Promise<unknown>
  end(): Promise<void>
}
const { Client: PlainClient } = createRequire(import.meta.url)('pg') as {
  Client: new (options: object) => PlainClient
}

interface Shape {
  readonly connections: number
  readonly requests: number
  /** How many rows one statement of pg and one transaction of pgbench write. @default 1 */
  readonly batch?: number
  /** How many statements each connection has in flight. @default 1 */
  readonly depth?: number
  readonly workload: string
  readonly options: Readonly<Record<string, unknown>>
  /** What each connection does, as one would with pg. */
  pg(client: PlainClient): Promise<unknown>
  /** Arguments of pgbench, where it has such a load. */
  readonly pgbench?: readonly string[]
}

const item = (): number => 1 + Math.floor(Math.random() * rows)

const select =
  (column: string) =>
  (client: PlainClient): Promise<unknown> =>
    client.query({
      name: 'select',
      text: `SELECT ${column} FROM cloudbench.items WHERE id = $1`,
      values: [item()],
    })

async function transaction(client: PlainClient): Promise<void> {
  const id = item()
  await client.query('BEGIN')
  await client.query({
    name: 'update',
    text: 'UPDATE cloudbench.items SET version = version + $1 WHERE id = $2',
    values: [7, id],
  })
  await client.query({
    name: 'select',
    text: 'SELECT version FROM cloudbench.items WHERE id = $1',
    values: [id],
  })
  await client.query({
    name: 'history',
    text: 'INSERT INTO cloudbench.history (writer, sequence, item, delta, at) VALUES ($1, $2, $3, $4, now())',
    values: [1, sequence++, id, 7],
  })
  await client.query('COMMIT')
}

let sequence = 0
const document = JSON.stringify({ sequence: '0'.repeat(16), text: 'x'.repeat(documentBytes - 42) })

/** One INSERT of many documents. */
const insertOf = (row: (at: number) => string): string =>
  `INSERT INTO cloudbench.documents (writer, sequence, document) VALUES ${Array.from({ length: batchRows }, (_, at) => row(at)).join()}`

const insertMany = (client: PlainClient): Promise<unknown> =>
  client.query({
    name: 'insert',
    text: insertOf((row) => `(1, $${2 * row + 1}, $${2 * row + 2})`),
    values: Array.from({ length: batchRows }, () => [sequence++, document]).flat(),
  })

const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bench-'))
const insertScript = join(folder, 'insert.sql')
await writeFile(insertScript, `${insertOf((row) => `(1, ${row}, '${document}')`)};\n`)

const shapes: Readonly<Record<string, Shape>> = {
  'SELECT of a number, 8 connections': {
    connections: 8,
    requests: requestsOr(60_000),
    workload: 'read',
    options: { rows, verify: false },
    pg: select('version'),
    pgbench: ['-S', '-M', 'prepared'],
  },
  'SELECT of 84 bytes that are verified, 8 connections': {
    connections: 8,
    requests: requestsOr(60_000),
    workload: 'read',
    options: { rows },
    pg: select('payload'),
    pgbench: ['-S', '-M', 'prepared'],
  },
  'SELECT of a number, 4 connections, 8 in flight on each': {
    connections: 4,
    requests: requestsOr(100_000),
    depth: 8,
    workload: 'read',
    options: { rows, verify: false, pipelining: 8 },
    pg: select('version'),
  },
  'transaction, 4 connections': {
    connections: 4,
    requests: requestsOr(4_000),
    workload: 'mixed',
    options: { rows, reads: 0 },
    pg: transaction,
    pgbench: ['-N', '-M', 'prepared'],
  },
  [`row of 1 KB, ${batchRows} with one INSERT, 4 connections`]: {
    connections: 4,
    requests: requestsOr(40_000),
    batch: batchRows,
    workload: 'write-heavy',
    options: { batchRows, documentSize: `${documentBytes}B` },
    pg: insertMany,
    pgbench: ['-f', insertScript],
  },
}

async function pgCpu({ connections, requests, depth = 1, batch = 1, pg }: Shape): Promise<number> {
  const clients = Array.from(
    { length: connections },
    () => new PlainClient({ connectionString: url, pipeline: depth > 1 }),
  )
  await Promise.all(clients.map((client) => client.connect()))
  const senders = clients.map((client) => awaiting(() => pg(client)))
  const us = await ownCpu(senders, Math.ceil(requests / batch), depth)
  await Promise.all(clients.map((client) => client.end()))
  return us / batch
}

/** CPU of pgbench per request. */
async function pgbenchCpu(args: readonly (string | number)[], requests: number): Promise<number | undefined> {
  const server = ['-h', '127.0.0.1', '-p', cluster.port, '-U', 'postgres']
  return childCpu(join(postgresFolder ?? '', 'pgbench'), [...server, ...args, 'postgres'], requests)
}

function peerCpu({ connections, requests, batch = 1, pgbench = [] }: Shape): Promise<number | undefined> {
  const perClient = Math.ceil(requests / connections / batch)
  const load = ['-n', '-c', connections, '-j', 1, '-t', perClient]
  return pgbenchCpu([...load, ...pgbench], perClient * connections * batch)
}

// the server offers TLS, which the driver and pg do not ask for
process.env['PGSSLMODE'] = 'disable'
const cluster = await createCluster()
const url = `postgres://postgres@127.0.0.1:${cluster.port}/postgres`
try {
  await benchFlow(driver, url, { rows }, 'mixed').prepare()
  await benchFlow(driver, url, {}, 'write-heavy').prepare()
  await pgbenchCpu(['-i', '-q', '-s', 1], 1)
  for (const [name, shape] of Object.entries(shapes))
    await compare(name, {
      driver: () => driverCpu(driver, url, shape),
      pg: () => pgCpu(shape),
      ...(shape.pgbench && { pgbench: () => peerCpu(shape) }),
    })
} finally {
  await cluster.remove()
  await rm(folder, { recursive: true, force: true })
}
