import { ownWay, scriptWay } from '@cloudbench/fixtures/bench/own-way'
import { benchHeader, benchRow } from '@cloudbench/fixtures/bench/row'
import type { Way } from '@cloudbench/fixtures/bench/way'
import { realRedis } from '../test/servers/redis.ts'

// CPU per GET of this driver, of ioredis in ordinary use, and of redis-benchmark, against a real Redis:
//   node --conditions=@cloudbench/source bench/issue.ts

const keys = 10_000
const closers: (() => Promise<void>)[] = []
const server = await realRedis({ atEnd: (close) => closers.push(close) })

/** @param perSecond How many requests stand for a second: redis-benchmark counts. */
function redisBenchmark(connections: number, depth: number, perSecond: number): Way {
  const load = ['-c', connections, '-P', depth, '-r', keys, '-d', 100]
  const requests = (seconds: number): number => Math.round(seconds * perSecond)
  return {
    program: 'redis-benchmark',
    args: (seconds) => ['-p', new URL(server.url).port, '-t', 'get', ...load, '-n', requests(seconds), '-q'],
    requests: (_, seconds) => requests(seconds),
  }
}

benchHeader()
for (const { connections, depth, perSecond, goals } of [
  { connections: 50, depth: 1, perSecond: 80_000, goals: { benchmark: 1.1, ioredis: 0.62 } },
  { connections: 10, depth: 16, perSecond: 800_000, goals: { benchmark: 2.5, ioredis: 0.25 } },
]) {
  const options = { reads: '100%', keys, pipelining: depth }
  await benchRow({
    name: `GET, depth ${depth}, ${connections} connections`,
    own: ownWay({ driver: 'redis', url: server.url, workload: 'read-heavy', options, connections }),
    others: {
      'redis-benchmark': { way: redisBenchmark(connections, depth, perSecond), goal: goals.benchmark },
      [depth > 1 ? 'ioredis, auto-pipelining' : 'ioredis']: {
        way: scriptWay(new URL('ioredis.ts', import.meta.url), server.url, connections, depth, keys),
        goal: goals.ioredis,
      },
    },
  })
}
for (const close of closers) await close()
