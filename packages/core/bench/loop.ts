import { startLoopback } from '@cloudbench/fixtures/bench/loopback'
import { bareDriverWay, ownWay, type OwnLoad } from '@cloudbench/fixtures/bench/own-way'
import { benchRow, printCells } from '@cloudbench/fixtures/bench/row'
import { runNull } from './run-null.ts'

const nothing: OwnLoad = { driver: new URL('null.driver.ts', import.meta.url).href, url: 'null:' }

/** What the host adds to a lane, and what a second worker brings. */
export async function benchLoop(): Promise<void> {
  for (const workload of ['issue', 'request']) {
    const load = { model: 'closed', connections: 1, thinkMs: 0 } as const
    const { flows, generators } = await runNull(workload, load, 'tick')
    const ns = (generators[0]!.cpuMs * 1e6) / flows[0]!.total.ok
    printCells([`null driver, ${workload}`, `${ns.toFixed(0)} ns`, '', '', '', '', ''])
  }
  const redis = await startLoopback(new URL('../../../plugins/driver-redis/src/index.ts', import.meta.url))
  for (const { client, goal } of [
    { client: 'wire', goal: 1.08 },
    { client: 'ioredis', goal: 1.03 },
  ]) {
    const options = { reads: '100%', keys: 1_000, client }
    const load = { driver: 'redis', url: redis.url, workload: 'read-heavy', options, connections: 50 }
    await benchRow({
      name: `Redis GET by ${client}, 50 connections`,
      own: ownWay(load),
      others: { 'driver without host': { way: bareDriverWay(load), goal } },
    })
  }
  await redis.end()
  const workers = (count: number) =>
    ownWay({ ...nothing, workload: 'issue', connections: 2, scenario: { workers: count } })
  await benchRow({
    name: 'null driver, two workers on two cores, requests/s',
    reading: 'throughput',
    own: workers(2),
    others: { 'one worker on one': { way: workers(1), goal: 1.9 } },
  })
}
