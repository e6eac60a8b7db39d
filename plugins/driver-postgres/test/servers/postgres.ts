import { Client } from 'pg'
import { afterAll } from 'vitest'
import { createCluster, postgresFolder, type Cluster } from './cluster.ts'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('postgres')

/** Tests against a real PostgreSQL are skipped where there is none, unless the environment requires one. */
export const withoutPostgres = postgresFolder === undefined && !required

export interface RealPostgres {
  readonly url: string
  /** The same with TLS, under the name in its certificate. */
  readonly tlsUrl: string
  /** A schema that no other test uses. */
  readonly schema: string
  readonly cluster: Cluster
  /** Runs SQL on a connection of the test's own, and returns the rows of the last statement. */
  sql(text: string): Promise<Readonly<Record<string, unknown>>[]>
}

let started: Promise<Cluster> | undefined
let schemas = 0

afterAll(async () => {
  await (await started)?.remove()
  started = undefined
})

/** A PostgreSQL on loopback, shared by the tests of a file. */
export async function realPostgres(): Promise<RealPostgres> {
  const cluster = await (started ??= createCluster())
  const { port } = cluster
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    tlsUrl: `postgres://postgres@localhost:${port}/postgres?sslmode=verify-full`,
    schema: `test_${++schemas}`,
    cluster,
    sql: (text) => query(port, text),
  }
}

async function query(port: number, text: string): Promise<Readonly<Record<string, unknown>>[]> {
  const client = await connected(port)
  try {
    const result: unknown = await client.query(text)
    const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: Record<string, unknown>[] }
    return last.rows
  } finally {
    await client.end()
  }
}

/** An ordinary client of pg; the test closes it. */
export async function connected(port: number, user = 'postgres'): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user,
    database: 'postgres',
    password: () => '',
    ssl: false,
    sslnegotiation: 'postgres',
    pipeline: false,
    stream: undefined as never,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}
