import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { numberIn, ownWay, scriptWay } from '@cloudbench/fixtures/bench/own-way'
import { benchHeader, benchRow } from '@cloudbench/fixtures/bench/row'
import type { Way } from '@cloudbench/fixtures/bench/way'
import { openFlow } from '@cloudbench/testkit/flow'
import driver from '../src/index.ts'
import { createDocumentShape } from '../src/payload.ts'
import { createCluster, postgresFolder } from '../test/servers/cluster.ts'

// CPU per request of this driver, of pg in ordinary use, and of pgbench, which send the same statements and read the same
// answers, against a real PostgreSQL:
//   node --conditions=@cloudbench/source bench/issue.ts

const rows = 100_000
const documentBytes = 1_024
const batchRows = 100

interface Shape {
  readonly name: string
  readonly workload: string
  readonly options: Readonly<Record<string, unknown>>
  readonly connections: number
  /** How many requests are one statement of the others. @default 1 */
  readonly batch?: number
  /** What bench/pg.ts sends. */
  readonly load: string
  /** What pgbench sends. */
  readonly script: string
  /** For the ratio to pgbench. */
  readonly goal: number
}

const insert = `INSERT INTO cloudbench.documents (writer, sequence, document) VALUES ${Array.from(
  { length: batchRows },
  (_, row) => `(1, ${row}, '${createDocumentShape(documentBytes).bytes.toString()}')`,
).join()};`

const transaction = `\\set id random(1, ${rows})
\\set delta random(1, 1000)
BEGIN;
UPDATE cloudbench.items SET version = version + :delta WHERE id = :id;
SELECT version FROM cloudbench.items WHERE id = :id;
INSERT INTO cloudbench.history (writer, sequence, item, delta, at) VALUES (1, 1, :id, :delta, now());
COMMIT;`

const selectOf = (column: string): string =>
  `\\set id random(1, ${rows})\nSELECT ${column} FROM cloudbench.items WHERE id = :id;`

const shapes: readonly Shape[] = [
  {
    name: 'SELECT of 84 bytes, verified, 8 connections',
    workload: 'read',
    options: { rows },
    connections: 8,
    load: 'payload',
    script: selectOf('payload'),
    goal: 1.2,
  },
  {
    name: 'transaction, 4 connections',
    workload: 'mixed',
    options: { rows, reads: 0 },
    connections: 4,
    load: 'transaction',
    script: transaction,
    goal: 1.25,
  },
  {
    name: `row of 1 KB, ${batchRows} with one INSERT, 4 connections`,
    workload: 'write-heavy',
    options: { batchRows, documentSize: `${documentBytes}B` },
    connections: 4,
    batch: batchRows,
    load: 'insert',
    script: insert,
    goal: 1.3,
  },
]

/** @param file With its script. */
function pgbench({ connections, batch = 1 }: Shape, file: string): Way {
  const server = ['-h', '127.0.0.1', '-p', cluster.port, '-U', 'postgres']
  const load = ['-n', '-c', connections, '-j', 1, '-f', file, ...(batch === 1 ? ['-M', 'prepared'] : [])]
  const transactions = numberIn(/transactions actually processed: (\d+)/)
  return {
    program: join(postgresFolder ?? '', 'pgbench'),
    // it takes whole seconds
    args: (seconds) => [...server, ...load, '-T', Math.ceil(seconds), 'postgres'],
    requests: (stdout, seconds) => batch * transactions(stdout, seconds),
  }
}

function pg({ connections, batch = 1, load }: Shape): Way {
  const way = scriptWay(new URL('pg.ts', import.meta.url), url, connections, load, rows, documentBytes)
  return { ...way, requests: (stdout, seconds) => batch * way.requests(stdout, seconds) }
}

// the server offers TLS, which the driver and pg do not ask for
process.env['PGSSLMODE'] = 'disable'
const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bench-'))
const cluster = await createCluster()
const url = `postgres://postgres@127.0.0.1:${cluster.port}/postgres`
try {
  for (const [workload, options] of [
    ['mixed', { rows }],
    ['write-heavy', {}],
  ] as const)
    await openFlow(driver, url, options, { workload, atEnd: () => {} }).prepare()
  benchHeader()
  for (const [at, shape] of shapes.entries()) {
    const { name, workload, options, connections, script, goal } = shape
    const file = join(folder, `${at}.sql`)
    await writeFile(file, `${script}\n`)
    await benchRow({
      name,
      own: ownWay({ driver: 'postgres', url, workload, options, connections }),
      others: { pgbench: { way: pgbench(shape, file), goal }, ...(at === 0 && { pg: { way: pg(shape) } }) },
      // a program that is compiled while it runs needs some time to be what it is
      seconds: 3,
    })
  }
} finally {
  await cluster.remove()
  await rm(folder, { recursive: true, force: true })
}
