import { fileURLToPath } from 'node:url'
import type { Interval } from '@cloudbench/core'
import { startService } from '@cloudbench/services'
import { isRight, line, type Reading } from './reading.ts'
import { runScenario } from './scenario.ts'

// whether a worker's memory depends on how long it runs: `pnpm soak`, a few minutes, with a Redis of its own.

/** How far the memory of a worker may be from what it was after a tenth of the requests. */
const tolerance = 0.05

interface Soak {
  readonly name: string
  readonly requests: number
  readonly target: { readonly driver: string; readonly url: string }
  readonly scenario: Readonly<Record<string, unknown>>
}

async function soak({ requests, target, scenario }: Soak): Promise<readonly Reading[]> {
  const enough = new AbortController()
  const samples: { readonly requests: number; readonly rssBytes: readonly number[] }[] = []
  let sent = 0
  const watch = {
    name: 'watch',
    onInterval({ flows, generators }: Interval) {
      for (const { total } of flows) sent += total.sent
      samples.push({ requests: sent, rssBytes: generators.map(({ rssBytes }) => rssBytes) })
      if (sent >= requests) enough.abort()
    },
  }
  const { errors } = await runScenario({
    target,
    scenario: { ...scenario, duration: '1h', warmup: '0s' },
    // where there is room, garbage lies for minutes: without a limit, that is what is seen to grow
    environment: [['memory', { maxOldSpaceMb: 64, semiSpaceMb: 4 }]],
    reporters: [watch],
    interrupt: enough.signal,
  })
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'))
  const tenth = samples.find((sample) => sample.requests >= requests / 10)!
  const later = samples.slice(samples.indexOf(tenth))
  return tenth.rssBytes.map((truth, worker) => ({
    name: `worker ${worker}: most memory after a tenth`,
    truth: truth / 1e6,
    reading: Math.max(...later.map(({ rssBytes }) => rssBytes[worker]!)) / 1e6,
    unit: 'MB',
    tolerance: { share: tolerance },
  }))
}

const redis = await startService('redis', { attached: true, how: 'local', fetch: false })
const soaks: readonly Soak[] = [
  {
    name: '20 M requests of the null driver',
    requests: 20e6,
    target: {
      driver: fileURLToPath(new URL('../../core/bench/null.driver.ts', import.meta.url)),
      url: 'null:',
    },
    scenario: { workload: 'issue', connections: 1 },
  },
  {
    name: '2 M requests of Redis',
    requests: 2e6,
    target: { driver: 'redis', url: redis.url },
    scenario: { workload: 'mixed', connections: 16, options: { pipelining: 16 }, workers: 2 },
  },
]

let wrong = 0
try {
  for (const each of soaks) {
    console.log(each.name)
    for (const reading of await soak(each)) {
      console.log(line(reading))
      if (!isRight(reading)) wrong++
    }
  }
} finally {
  await redis.stop()
}
console.log(wrong === 0 ? 'passed' : `${wrong} wrong`)
process.exitCode = wrong === 0 ? 0 : 1
