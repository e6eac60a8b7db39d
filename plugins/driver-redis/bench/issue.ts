import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listenOnLoopback } from '@cloudbench/driver-kit/loopback'
import { childCpu } from '@cloudbench/fixtures/child-cpu'
import { ownCpuPerRequest, type Sender } from '@cloudbench/fixtures/own-cpu'
import { openFlow } from '@cloudbench/testkit/flow'
import { Redis } from 'ioredis'
import driverPlugin from '../src/index.ts'

// CPU per GET of this driver, of ioredis in ordinary use, and of redis-benchmark, against a real Redis:
//   node --conditions=@cloudbench/source bench/issue.ts
// They take turns, and the lowest round counts, because other work on the machine only ever adds.

const keys = 10_000
const rounds = 5

interface Shape {
  readonly name: string
  readonly connections: number
  readonly depth: number
  readonly requests: number
}

const shapes: readonly Shape[] = [
  { name: 'depth 1, 50 connections', connections: 50, depth: 1, requests: 200_000 },
  { name: 'depth 16, 10 connections', connections: 10, depth: 16, requests: 400_000 },
]

/** The bench closes what it opens: there is no test that could end. */
const atEnd = (): void => {}

/** A way to send requests: one function per connection. */
interface Way {
  readonly senders: readonly Sender[]
  close(): Promise<unknown>
}

async function driver(url: string, { connections, depth }: Shape): Promise<Way> {
  const { open, close } = openFlow(driverPlugin, url, { reads: '100%', keys, pipelining: depth }, { atEnd })
  const opened = await Promise.all(Array.from({ length: connections }, (_, at) => open(at, connections)))
  let index = 0
  return {
    senders: opened.map((connection) => (done) => {
      connection.issue!({ index: index++, traceparent: undefined, random: Math.random, done, fail: stop })
    }),
    close,
  }
}

async function client(url: string, { connections, depth }: Shape): Promise<Way> {
  const clients = Array.from(
    { length: connections },
    () => new Redis(url, { enableAutoPipelining: depth > 1 }),
  )
  const ask = async (redis: Redis, done: () => void): Promise<void> => {
    await redis.get(`cloudbench:${Math.trunc(Math.random() * keys)}`)
    done()
  }
  return {
    senders: clients.map((redis) => (done) => {
      ask(redis, done).catch(stop)
    }),
    close: () => Promise.all(clients.map((redis) => redis.quit())),
  }
}

function stop(error: unknown): never {
  throw error
}

/** NaN where redis-benchmark is not installed. */
async function measureBenchmark(port: number, { connections, depth, requests }: Shape): Promise<number> {
  const args = [
    '-p',
    port,
    '-t',
    'get',
    '-c',
    connections,
    '-P',
    depth,
    '-n',
    requests,
    '-r',
    keys,
    '-d',
    100,
  ]
  const ended = await childCpu('redis-benchmark', [...args.map(String), '-q'])
  return ended === undefined ? Number.NaN : ended.cpuUs / requests
}

async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listenOnLoopback(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Waits until the server answers. */
async function ready(server: string): Promise<void> {
  const redis = new Redis(server, { retryStrategy: () => 20, maxRetriesPerRequest: null })
  redis.on('error', () => {})
  await redis.ping()
  redis.disconnect()
}

const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bench-'))
const port = await freePort()
const url = `redis://127.0.0.1:${port}`
const server = spawn(
  'redis-server',
  ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder],
  { stdio: 'ignore' },
)
await ready(url)
await openFlow(driverPlugin, url, { keys }, { atEnd }).prepare()

for (const shape of shapes) {
  const least = { driver: Infinity, client: Infinity, benchmark: Infinity }
  for (let round = -1; round < rounds; round++) {
    for (const [name, open] of [
      ['driver', driver],
      ['client', client],
    ] as const) {
      const way = await open(url, shape)
      const us = await ownCpuPerRequest(way.senders, shape.depth, shape.requests)
      await way.close()
      // the first round is a warm-up
      if (round >= 0) least[name] = Math.min(least[name], us)
    }
    least.benchmark = Math.min(least.benchmark, await measureBenchmark(port, shape))
  }
  const { driver: own, client: usual, benchmark } = least
  process.stdout.write(
    `${shape.name}: driver ${own.toFixed(2)} µs, ioredis ${usual.toFixed(2)} µs, redis-benchmark ${benchmark.toFixed(2)} µs` +
      ` · driver/ioredis ${(own / usual).toFixed(2)}, driver/redis-benchmark ${(own / benchmark).toFixed(2)}\n`,
  )
}
server.kill()
await rm(folder, { recursive: true, force: true })
