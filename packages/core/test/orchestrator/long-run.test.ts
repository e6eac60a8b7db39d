import { expect, test } from 'vitest'
import type { WorkerInterval } from '../../src/metrics/delta.ts'
import { zerosOf } from '../../src/metrics/record.ts'
import { HistogramRecorder } from '../../src/metrics/recorder.ts'
import { Collector } from '../../src/orchestrator/collector.ts'
import type { Phase, Run, RunResult, ScenarioResult } from '../../src/plugin/model.ts'
import { flowCounts, operationCounts } from '../../src/plugin/record.ts'
import { resultFile } from '../../src/result/file.ts'

const hours = 24
/** The length of every interval. Long ones make a day quick to add up. */
const intervalMs = 10_000
const reports = (hours * 3_600_000) / intervalMs
const phase: Phase = {
  name: 'measure',
  kind: 'measure',
  scenario: 'soak',
  durationMs: reports * intervalMs,
  loads: { main: { model: 'closed', connections: 1, thinkMs: 0 } },
}

const recorder = new HistogramRecorder()
const nothing = recorder.drain()
const counted = zerosOf(flowCounts)
const latencies = Array.from({ length: 97 }, (_, index) => {
  for (let at = 0; at < 60; at++) recorder.record(1e5 * 10 ** ((3 * ((at * 37 + index) % 97)) / 97))
  return recorder.drain()
})

/** A report of a worker whose latencies spread over three decades, as on a bad day. */
function report(index: number): WorkerInterval {
  const data = latencies[index % latencies.length]!
  return {
    index,
    startMs: index * intervalMs,
    endMs: (index + 1) * intervalMs,
    flows: [
      {
        operations: [
          {
            operation: 'get',
            ...zerosOf(operationCounts),
            ok: 60,
            outcomes: { hit: { count: 60, ok: true } },
            response: data,
            service: data,
            lag: data,
            failures: nothing,
          },
        ],
        ...counted,
        connections: { ...counted.connections, openMs: intervalMs },
        bytes: { ...counted.bytes, received: 6000 },
        sent: 60,
        counters: {},
        recorders: {},
        inFlightMs: 500,
      },
    ],
    generator: {
      cpuMs: 1,
      busy: 0.1,
      gcCount: 1,
      gcMs: 1,
      gcMinorMs: 1,
      gcMajorMs: 0,
      gcIncrementalMs: 0,
      gcWeakMs: 0,
      gcMaxMs: 1,
      allocatedBytes: 0,
      lag: data,
      hiccup: data,
      rssBytes: 1e8,
    },
  }
}

test('a day of intervals is kept in bounded memory, evenly, and in a result file below 2 MB', () => {
  const collector = new Collector({ phase, flows: ['main'], workers: 1, onInterval: () => {} })
  for (let index = 0; index < reports; index++) collector.add(0, report(index))
  const { flows, intervals, generators, signals } = collector.finish()
  expect(flows[0]!.total.response.count).toBe(60 * reports)

  expect(intervals.length).toBeGreaterThan(60)
  expect(intervals.length).toBeLessThanOrEqual(120)
  const widths = intervals.map(({ startMs, endMs }) => endMs - startMs)
  expect(new Set(widths.slice(0, -1))).toEqual(new Set([128 * intervalMs]))
  expect(widths.reduce((sum, width) => sum + width, 0)).toBe(reports * intervalMs)
  expect(intervals.reduce((sum, interval) => sum + interval.flows[0]!.total.ok, 0)).toBe(60 * reports)

  const scenario: ScenarioResult = {
    scenario: {
      id: 'soak',
      description: '',
      tags: [],
      flows: [
        {
          name: 'main',
          driver: 'redis',
          workload: 'read-heavy',
          target: { name: 'redis', url: 'redis://127.0.0.1', origin: 'given' },
        },
      ],
      phases: [phase],
      workers: 1,
      dispatch: 'tick',
      seed: 1,
      intervalMs,
    },
    reason: 'passed',
    exitCode: 0,
    phases: [
      {
        phase,
        startedAt: new Date(0),
        elapsedMs: phase.durationMs,
        breaches: [],
        flows,
        intervals,
        generators,
        signals,
      },
    ],
    checks: [],
    audits: [],
    errors: [],
    workers: [],
  }
  const run: Run = {
    id: 'x',
    name: 'x',
    startedAt: new Date(0),
    configDigest: '',
    version: '',
    machines: [],
    plugins: [],
  } as unknown as Run
  const result: RunResult = {
    run,
    endedAt: new Date(1),
    reason: 'passed',
    exitCode: 0,
    scenarios: [scenario],
    checks: [],
    errors: [],
  }
  expect(JSON.stringify(resultFile(result)).length).toBeLessThan(2_000_000)
})
