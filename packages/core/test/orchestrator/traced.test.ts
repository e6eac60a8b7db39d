import { expect, it } from 'vitest'
import type { Interval, RunResult, TracedRequest } from '../../src/plugin/model.ts'
import { resultFile } from '../../src/result/file.ts'
import { readResult } from '../../src/result/read.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady } from '../support/run.ts'

async function run(trace: { ratio: number; propagate: boolean }, seen: Interval[] = []): Promise<RunResult> {
  const result = await runSteady({
    workload: 'traced',
    workers: 2,
    warmupMs: 200,
    scenarios: [{ trace }],
    reporter: { onInterval: (interval) => void seen.push(interval) },
  })
  expect(result.reason).toBe('passed')
  return result
}

const traceparent = ({ traceId, spanId, sampled }: TracedRequest): string =>
  `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`

it('tells every request with the ids that its driver was given, over all workers, in the warm-up too', async () => {
  const seen: Interval[] = []
  const { scenarios } = await run({ ratio: 1, propagate: true }, seen)
  const [{ scenario, phases }] = scenarios as [(typeof scenarios)[0]]
  expect(scenario.trace).toEqual({ ratio: 1, propagate: true })
  const requests = seen.flatMap((interval) => interval.requests!)
  expect(requests.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 120 }, (_, index) => index),
  )
  for (const request of requests) {
    expect(request.outcome).toBe(traceparent(request))
    expect(request).toMatchObject({ flow: 'main', operation: 'traced', ok: true, sampled: true })
    expect(request.sentMs).toBeGreaterThanOrEqual(request.dueMs!)
    expect(request.doneMs).toBeGreaterThan(request.sentMs)
  }
  expect(phases.flatMap(({ intervals }) => intervals.flatMap((interval) => interval.requests!))).toEqual(
    requests,
  )
  expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(120)
})

it('keeps them in the result file, as they were', async () => {
  const result = await run({ ratio: 0.5, propagate: true })
  const again = await readResult(fileOf(resultFile(result)))
  const told = ({ scenarios }: RunResult) =>
    scenarios.map(({ scenario, phases }) => [
      scenario.trace,
      phases.flatMap(({ intervals }) =>
        intervals.map(({ requests, requestsDropped }) => [requests, requestsDropped]),
      ),
    ])
  expect(told(again)).toEqual(told(result))
  expect(told(result)[0]![1]).not.toEqual([])
})

it('with a ratio of 0, the target is told of every request, and the slowest of an interval is there', async () => {
  const seen: Interval[] = []
  const { scenarios } = await run({ ratio: 0, propagate: true }, seen)
  const outcomes = Object.keys(scenarios[0]!.phases[1]!.flows[0]!.total.outcomes)
  // those of the warm-up among them
  expect(outcomes).toHaveLength(120)
  for (const outcome of outcomes) expect(outcome).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
  for (const { requests, requestsDropped, flows } of seen) {
    const { ok, response } = flows[0]!.total
    expect(requests).toHaveLength(ok > 0 ? 1 : 0)
    expect(requestsDropped).toBe(0)
    if (ok > 0) expect((requests![0]!.doneMs - requests![0]!.dueMs!) * 1e6).toBeCloseTo(response.max, -1)
  }
})

it('without propagate, the target is told nothing', async () => {
  const seen: Interval[] = []
  const { scenarios } = await run({ ratio: 1, propagate: false }, seen)
  expect(Object.keys(scenarios[0]!.phases[1]!.flows[0]!.total.outcomes)).toEqual(['not told'])
  expect(seen.flatMap((interval) => interval.requests!)).toHaveLength(120)
})

it('is in no interval otherwise', async () => {
  const seen: Interval[] = []
  await runSteady({
    workload: 'traced',
    durationMs: 300,
    reporter: { onInterval: (one) => void seen.push(one) },
  })
  expect(seen.length).toBeGreaterThan(0)
  for (const interval of seen) expect(interval).not.toHaveProperty('requests')
})
