/**
 * What the host costs by itself. `pnpm bench`; takes about a minute.
 * Absolute numbers depend on the machine and its load: compare within one run.
 */
import { benchMemory } from './memory.ts'
import { benchRecord } from './record.ts'
import { runNull } from './run-null.ts'

console.log('record path, median')
await benchRecord()

console.log('\nworker loop, null driver, closed loop, 16 in flight')
for (const workload of ['issue', 'request']) {
  const { flows, generators } = await runNull(
    workload,
    { model: 'closed', connections: 1, thinkMs: 0 },
    'tick',
  )
  const { ok } = flows[0]!.total
  const { cpuMs, gcMs } = generators[0]!
  console.log(
    `${workload.padEnd(36)} ${((cpuMs * 1e6) / ok).toFixed(0)} ns CPU per request, GC ${((gcMs / 2000) * 100).toFixed(1)} %`,
  )
}

console.log('\npacing, null driver: lag p50 / p99 / p99.9, cores')
for (const dispatch of ['tick', 'spin', 'timer'] as const)
  for (const rate of [1_000, 10_000, 50_000]) {
    const stages = [{ durationMs: 2000, fromPerSecond: rate, toPerSecond: rate }]
    const load = { model: 'open', connections: 4, arrivals: 'constant', stages } as const
    const { flows, generators } = await runNull('issue', load, dispatch)
    const { lag } = flows[0]!.total
    const [p50, p99, p999] = [50, 99, 99.9].map((p) => (lag.percentile(p) / 1000).toFixed(0))
    console.log(
      `${`${dispatch} ${rate}/s`.padEnd(36)} ${p50} / ${p99} / ${p999} µs, ${(generators[0]!.cpuMs / 2000).toFixed(2)} cores`,
    )
  }

console.log('\nmemory of a worker, null driver, closed loop')
await benchMemory()
