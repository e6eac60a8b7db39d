import { childCpu } from '@cloudbench/fixtures/bench/child-cpu'
import { compare, requestsOr } from '@cloudbench/fixtures/bench/compare'
import { benchFlow, driverCpu } from '@cloudbench/fixtures/bench/driver-cpu'
import { awaiting, ownCpu } from '@cloudbench/fixtures/bench/own-cpu'
import { Redis } from 'ioredis'
import driver from '../src/index.ts'
import { realRedis } from '../test/servers/redis.ts'

// CPU per GET of this driver, of ioredis in ordinary use, and of redis-benchmark, against a real Redis:
//   node --conditions=@cloudbench/source bench/issue.ts

const keys = 10_000

/** CPU of ioredis, where a request is an `await client.get()`. */
async function ioredisCpu(connections: number, depth: number, requests: number): Promise<number> {
  const clients = Array.from(
    { length: connections },
    () => new Redis(server.url, { enableAutoPipelining: depth > 1 }),
  )
  const senders = clients.map((redis) =>
    awaiting(() => redis.get(`cloudbench:${Math.trunc(Math.random() * keys)}`)),
  )
  const us = await ownCpu(senders, requests, depth)
  await Promise.all(clients.map((redis) => redis.quit()))
  return us
}

const closers: (() => Promise<void>)[] = []
const server = await realRedis({ atEnd: (close) => closers.push(close) })
await benchFlow(driver, server.url, { keys }).prepare()
for (const [connections, depth, requests] of [
  [50, 1, requestsOr(200_000)],
  [10, 16, requestsOr(400_000)],
] as const) {
  const options = { reads: '100%', keys, pipelining: depth }
  const load = ['-c', connections, '-P', depth, '-n', requests, '-r', keys, '-d', 100]
  const args = ['-p', new URL(server.url).port, '-t', 'get', ...load, '-q']
  await compare(`depth ${depth}, ${connections} connections`, {
    driver: () => driverCpu(driver, server.url, { options, connections, requests }),
    ioredis: () => ioredisCpu(connections, depth, requests),
    'redis-benchmark': () => childCpu('redis-benchmark', args, requests),
  })
}
for (const close of closers) await close()
