import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uniform } from '@cloudbench/core/program'
import { childCpu } from '@cloudbench/fixtures/child-cpu'
import { openFlow } from '@cloudbench/testkit/flow'
import driverPlugin from '../src/index.ts'
import { createCluster, postgresFolder } from '../test/servers/cluster.ts'

// CPU of the generator per request of this driver, of pg as it is usually used, and of pgbench, against a real PostgreSQL:
//   node --conditions=@cloudbench/source bench/issue.ts
// The ways take turns, and the least of the rounds counts, because other work on a machine only ever adds.

const rounds = 5
const rows = 100_000
const documentBytes = 1_024
const batchRows = 100
/** What the random numbers depend on, besides the request. */
const salt = 1

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
  readonly name: string
  readonly connections: number
  readonly requests: number
  readonly driver: { readonly workload: string; readonly options: Record<string, unknown> }
  /** What each connection does for one request, as one would with pg, and how many at once. */
  readonly plain: {
    readonly depth: number
    readonly pipeline: boolean
    run(client: PlainClient, index: number): Promise<unknown>
    readonly requestsPerRun: number
  }
  /** Arguments of pgbench, and how many requests one of its transactions is. */
  readonly pgbench?: { readonly args: readonly string[]; readonly requestsPerTransaction: number }
}

const item = (index: number): number => 1 + Math.floor(uniform(salt, index, 0) * rows)
const select = (client: PlainClient, index: number): Promise<unknown> =>
  client.query({
    name: 'select',
    text: 'SELECT version FROM cloudbench.items WHERE id = $1',
    values: [item(index)],
  })
const document = JSON.stringify({ sequence: '0'.repeat(16), text: 'x'.repeat(documentBytes - 42) })

const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bench-'))
const insertScript = join(folder, 'insert.sql')

const shapes: readonly Shape[] = [
  {
    name: 'SELECT of a number, 8 connections',
    connections: 8,
    requests: 60_000,
    driver: { workload: 'read', options: { rows, verify: false } },
    plain: { depth: 1, pipeline: false, run: select, requestsPerRun: 1 },
    pgbench: { args: ['-S', '-M', 'prepared'], requestsPerTransaction: 1 },
  },
  {
    name: 'SELECT of 84 bytes that are verified, 8 connections',
    connections: 8,
    requests: 60_000,
    driver: { workload: 'read', options: { rows } },
    plain: {
      depth: 1,
      pipeline: false,
      run: (client, index) =>
        client.query({
          name: 'select',
          text: 'SELECT payload FROM cloudbench.items WHERE id = $1',
          values: [item(index)],
        }),
      requestsPerRun: 1,
    },
    pgbench: { args: ['-S', '-M', 'prepared'], requestsPerTransaction: 1 },
  },
  {
    name: 'SELECT of a number, 4 connections, 8 in flight on each',
    connections: 4,
    requests: 100_000,
    driver: { workload: 'read', options: { rows, verify: false, pipelining: 8 } },
    plain: { depth: 8, pipeline: true, run: select, requestsPerRun: 1 },
  },
  {
    name: 'transaction, 4 connections',
    connections: 4,
    requests: 4_000,
    driver: { workload: 'mixed', options: { rows, reads: 0 } },
    plain: {
      depth: 1,
      pipeline: false,
      async run(client, index) {
        const id = item(index)
        await client.query('BEGIN')
        await client.query({
          name: 'update',
          text: 'UPDATE cloudbench.items SET version = version + $1 WHERE id = $2',
          values: [7, id],
        })
        await select(client, index)
        await client.query({
          name: 'history',
          text: 'INSERT INTO cloudbench.history (writer, sequence, item, delta, at) VALUES ($1, $2, $3, $4, now())',
          values: [1, index, id, 7],
        })
        await client.query('COMMIT')
      },
      requestsPerRun: 1,
    },
    pgbench: { args: ['-N', '-M', 'prepared'], requestsPerTransaction: 1 },
  },
  {
    name: `row of 1 KB, ${batchRows} with one INSERT, 4 connections`,
    connections: 4,
    requests: 40_000,
    driver: { workload: 'write-heavy', options: { batchRows, documentSize: `${documentBytes}B` } },
    plain: {
      depth: 1,
      pipeline: false,
      run: (client, index) =>
        client.query({
          name: 'insert',
          text: `INSERT INTO cloudbench.documents (writer, sequence, document) VALUES ${Array.from(
            { length: batchRows },
            (_, row) => `(1, $${2 * row + 1}, $${2 * row + 2})`,
          ).join()}`,
          values: Array.from({ length: batchRows }, (_, row) => [index + row, document]).flat(),
        }),
      requestsPerRun: batchRows,
    },
    pgbench: { args: ['-n', '-f', insertScript], requestsPerTransaction: batchRows },
  },
]

/** The bench closes what it opens: there is no test that could end. */
const atEnd = (): void => {}

/** CPU microseconds of this process for something. */
async function cpuUs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

async function driver(
  url: string,
  { connections, requests, driver: { workload, options } }: Shape,
): Promise<number> {
  const { open, close } = openFlow(driverPlugin, url, options, { workload, atEnd })
  const opened = await Promise.all(Array.from({ length: connections }, (_, at) => open(at, connections)))
  let index = 0
  const us = await cpuUs(
    () =>
      new Promise<void>((resolve) => {
        let left = requests
        let busy = 0
        for (const connection of opened)
          for (let stream = connection.streams ?? 1; stream > 0; stream--) {
            busy++
            let current = 0
            let draws = 0
            const slot = {
              index: 0,
              traceparent: undefined,
              random: () => uniform(salt, current, draws++),
              done: ({ ok, name }: { ok: boolean; name: string }) => {
                if (!ok) stop(new Error(name))
                fire()
              },
              fail: stop,
            }
            const fire = (): void => {
              if (left-- > 0) {
                current = index++
                draws = 0
                connection.issue!(slot)
              } else if (--busy === 0) resolve()
            }
            fire()
          }
      }),
  )
  await close()
  return us / requests
}

async function plain(url: string, { connections, requests, plain: how }: Shape): Promise<number> {
  const clients = Array.from(
    { length: connections },
    () => new PlainClient({ connectionString: url, pipeline: how.pipeline }),
  )
  await Promise.all(clients.map((client) => client.connect()))
  let left = requests
  let index = 0
  const us = await cpuUs(() =>
    Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: how.depth }, async () => {
          while (left > 0) {
            left -= how.requestsPerRun
            await how.run(client, (index += how.requestsPerRun))
          }
        }),
      ),
    ),
  )
  await Promise.all(clients.map((client) => client.end()))
  return us / requests
}

function stop(error: unknown): never {
  throw error
}

/** CPU microseconds of one run of pgbench. */
async function pgbench(port: number, args: readonly string[]): Promise<number> {
  const server = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']
  const ended = await childCpu(join(postgresFolder ?? '', 'pgbench'), [...server, ...args, 'postgres'])
  if (ended === undefined) throw new Error(`pgbench ${args.join(' ')} failed`)
  return ended.cpuUs
}

async function measurePgbench(port: number, { connections, requests, pgbench: how }: Shape): Promise<number> {
  if (how === undefined) return Number.NaN
  const perClient = Math.ceil(requests / connections / how.requestsPerTransaction)
  const args = ['-n', '-c', String(connections), '-j', '1', '-t', String(perClient), ...how.args]
  return (await pgbench(port, args)) / (perClient * connections * how.requestsPerTransaction)
}

// the server offers TLS, which the driver and pg do not ask for
process.env['PGSSLMODE'] = 'disable'
const cluster = await createCluster()
const url = `postgres://postgres@127.0.0.1:${cluster.port}/postgres`
try {
  for (const workload of ['mixed', 'write-heavy'] as const)
    await openFlow(driverPlugin, url, workload === 'mixed' ? { rows } : {}, { workload, atEnd }).prepare()
  await pgbench(cluster.port, ['-i', '-q', '-s', '1'])
  await writeFile(
    insertScript,
    `INSERT INTO cloudbench.documents (writer, sequence, document) VALUES ${Array.from(
      { length: batchRows },
      (_, row) => `(1, ${row}, '${document}')`,
    ).join()};\n`,
  )
  for (const shape of shapes) {
    const least = { driver: Infinity, plain: Infinity, pgbench: Infinity }
    for (let round = -1; round < rounds; round++) {
      const measured = {
        driver: await driver(url, shape),
        plain: await plain(url, shape),
        pgbench: await measurePgbench(cluster.port, shape),
      }
      // the first round only warms up
      if (round >= 0)
        for (const way of ['driver', 'plain', 'pgbench'] as const)
          least[way] = Math.min(least[way], measured[way])
    }
    const { driver: own, plain: usual, pgbench: native } = least
    const [costs, ratios] = [[`pg ${usual.toFixed(2)} µs`], [`driver/pg ${(own / usual).toFixed(2)}`]]
    if (shape.pgbench !== undefined) {
      costs.push(`pgbench ${native.toFixed(2)} µs`)
      ratios.push(`driver/pgbench ${(own / native).toFixed(2)}`)
    }
    process.stdout.write(
      `${shape.name}: driver ${own.toFixed(2)} µs, ${costs.join(', ')} · ${ratios.join(', ')}\n`,
    )
  }
} finally {
  await cluster.remove()
  await rm(folder, { recursive: true, force: true })
}
