import { createServer, type AddressInfo, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, onTestFinished } from 'vitest'
import driver from '../../src/index.ts'
import { createCluster, postgresFolder, type Cluster, type ClusterOptions } from './cluster.ts'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('postgres')

/** Tests with a real PostgreSQL are left out where there is none, unless the environment says that there must be one. */
export const withoutPostgres = postgresFolder === undefined && !required

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

export interface RealPostgres {
  readonly url: string
  /** A schema that no other test uses. */
  readonly schema: string
  readonly cluster: Cluster
  /** Runs SQL on a connection of the test's own, and answers with the rows of the last statement. */
  sql(text: string): Promise<Readonly<Record<string, unknown>>[]>
}

let common: Promise<Cluster> | undefined
let schemas = 0

afterAll(async () => {
  await (await common)?.remove()
  common = undefined
})

/** A PostgreSQL on loopback: with options it belongs to the test, otherwise to all tests of the file. */
export async function realPostgres(options?: ClusterOptions): Promise<RealPostgres> {
  const cluster = await (options === undefined ? (common ??= createCluster()) : createCluster(options))
  if (options !== undefined) onTestFinished(() => cluster.remove())
  const { hasTls = false, password } = options ?? {}
  const host = hasTls ? 'localhost' : '127.0.0.1'
  return {
    url: `postgres://postgres@${host}:${cluster.port}/postgres${hasTls ? '?sslmode=verify-full' : ''}`,
    schema: `test_${++schemas}`,
    cluster,
    sql: (text) => query(cluster.port, password, text),
  }
}

async function query(
  port: number,
  password: string | undefined,
  text: string,
): Promise<Readonly<Record<string, unknown>>[]> {
  const client = await connected(port, password)
  try {
    const result: unknown = await client.query(text)
    const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: Record<string, unknown>[] }
    return last.rows
  } finally {
    await client.end()
  }
}

/** A client of the test's own, as pg makes them; closed with the test by whoever asked. */
export async function connected(port: number, password?: string): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    password: () => password ?? '',
    application_name: 'test',
    ssl: false,
    sslnegotiation: 'postgres',
    pipeline: false,
    stream: undefined as never,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** The driver's own server, closed with the test. */
export async function loopbackTarget(
  options: Parameters<NonNullable<typeof driver.loopback>>[0] = {},
): Promise<string> {
  const loopback = await driver.loopback!(options)
  onTestFinished(() => loopback.close())
  return loopback.target
}

/** A server that does with a socket what it likes. */
export async function rudeServer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `postgres://bench:S3cret@127.0.0.1:${(server.address() as AddressInfo).port}/bench`
}
