import { expect, it } from 'vitest'
import type { FlowDelta, GeneratorDelta } from '../../src/metrics/delta.ts'
import { flowMetricsOf, generatorOf, sumGenerators } from '../../src/metrics/intervals.ts'
import { sumFlow } from '../../src/metrics/metrics.ts'
import { mapEach, sumOf } from '../../src/metrics/record.ts'
import { HistogramRecorder, type HistogramData } from '../../src/metrics/recorder.ts'
import { sumSignals } from '../../src/metrics/signals.ts'
import type { MachineSignals, PhaseResult, RunResult } from '../../src/plugin/model.ts'
import {
  flowCounts,
  gaugeReadings,
  generatorDistributions,
  generatorReadings,
  operationCounts,
  operationDistributions,
} from '../../src/plugin/record.ts'
import { resultFile } from '../../src/result/file.ts'
import { reviveResult } from '../../src/result/read.ts'
import { parseResultFile } from '../../src/result/schema.ts'
import { Tally } from '../../src/worker/tally.ts'
import { phase } from './measured.ts'

// every declared name gets a different value, so that none can be lost or mistaken for another
let last = 0
const next = (): number => ++last
function distribution(): HistogramData {
  const recorder = new HistogramRecorder()
  for (let left = next(); left > 0; left--) recorder.record(1_000)
  return recorder.drain()
}

function delta(): FlowDelta {
  return {
    connections: mapEach(flowCounts.connections, next),
    bytes: mapEach(flowCounts.bytes, next),
    inFlightMs: next(),
    sent: 0,
    operations: [
      {
        operation: 'get',
        outcomes: { hit: { count: next(), ok: true } },
        ...mapEach(operationCounts, next),
        ...mapEach(operationDistributions, distribution),
      },
    ],
    counters: { retries: next() },
    recorders: { 'end to end': distribution() },
  }
}

const generator = (): GeneratorDelta => ({
  ...mapEach(generatorReadings, next),
  ...mapEach(generatorDistributions, distribution),
})

it('a worker drains every declared count and distribution, and begins again from zero', () => {
  const tally = new Tally('get')
  const outcome = tally.outcome('hit')
  tally.answered(outcome, 0, 1, 2, true)
  const [first] = tally.drain().operations
  expect(Object.keys(first!).toSorted()).toEqual(
    ['operation', 'outcomes', ...Object.keys({ ...operationCounts, ...operationDistributions })].toSorted(),
  )
  const [second] = tally.drain().operations
  for (const name of Object.keys(operationCounts)) expect(second).toHaveProperty(name, 0)
  for (const name of Object.keys(operationDistributions)) expect(second).toHaveProperty(`${name}.count`, 0)
})

it('a sum has every declared number of its parts, once', () => {
  const [a, b] = [delta(), delta()]
  const sum = sumFlow('main', [flowMetricsOf('main', a), flowMetricsOf('main', b)])
  expect(sum).toMatchObject(sumOf(flowCounts, [a, b]))
  const [first, second] = [a.operations[0]!, b.operations[0]!]
  expect(sum.total).toMatchObject(sumOf(operationCounts, [first, second]))
  for (const name of Object.keys(operationDistributions) as (keyof typeof operationDistributions)[])
    expect(sum.total[name].count).toBe(first[name].count + second[name].count)
})

it('neighbouring readings of a worker merge as declared: sums add, the largest stays, shares are weighted by time', () => {
  const [a, b] = [generator(), generator()]
  const [sum] = sumGenerators([
    { startMs: 0, endMs: 1_000, generators: [generatorOf(0, a)] },
    { startMs: 1_000, endMs: 4_000, generators: [generatorOf(0, b)] },
  ])
  for (const [name, { merge }] of Object.entries(generatorReadings)) {
    const key = name as keyof typeof generatorReadings
    const expected = {
      sum: a[key] + b[key],
      max: Math.max(a[key], b[key]),
      mean: (a[key] + 3 * b[key]) / 4,
    }[merge]
    expect(sum![key], name).toBeCloseTo(expected, 9)
  }
  expect(sum!.lag.count).toBe(a.lag.count + b.lag.count)
})

function signals(machine = 'here'): MachineSignals {
  return {
    machine,
    gauges: { 'memory.usedBytes': mapEach(gaugeReadings, next) },
    counters: { 'memory.stalledMs': next() },
  }
}

it('neighbouring samples of a machine merge as declared, a gauge by how long it was watched, and no machine with another', () => {
  const [a, b, there] = [signals(), signals(), signals('there')]
  const [sum, other] = sumSignals([a, there, b])
  const [one, two] = [a.gauges['memory.usedBytes']!, b.gauges['memory.usedBytes']!]
  const observedMs = one.observedMs + two.observedMs
  for (const [name, { merge }] of Object.entries(gaugeReadings)) {
    const key = name as keyof typeof gaugeReadings
    const expected = {
      sum: one[key] + two[key],
      max: Math.max(one[key], two[key]),
      mean: (one[key] * one.observedMs + two[key] * two.observedMs) / observedMs,
    }[merge]
    expect(sum!.gauges['memory.usedBytes']![key], name).toBeCloseTo(expected, 9)
  }
  expect(sum!.counters).toEqual({
    'memory.stalledMs': a.counters['memory.stalledMs']! + b.counters['memory.stalledMs']!,
  })
  expect(other).toEqual(there)
  const below = { mean: -3, max: -1, observedMs: 5 }
  expect(sumSignals([{ machine: 'cold', gauges: { celsius: below }, counters: {} }])[0]!.gauges).toEqual({
    celsius: below,
  })
})

it('a result file holds every declared number, under its schema, and reads back the same', () => {
  const measured = phase([flowMetricsOf('main', delta())], 1_000)
  const sampled = [signals()]
  const interval = { phase: measured.phase, startMs: 0, endMs: 1_000, missing: 0 }
  const result = runWith({
    ...measured,
    generators: [generatorOf(0, generator())],
    signals: sampled,
    intervals: [{ ...interval, flows: [], generators: [], signals: sampled }],
  })
  const file = resultFile(result)
  const read = reviveResult(parseResultFile(JSON.parse(JSON.stringify(file)), 'a.json'))
  expect(resultFile(read)).toEqual(file)
  expect(read.scenarios[0]!.phases[0]!.flows[0]!.total).toEqual(measured.flows[0]!.total)
  expect(read.scenarios[0]!.phases[0]!.signals).toEqual(sampled)
  expect(read.scenarios[0]!.phases[0]!.intervals[0]!.signals).toEqual(sampled)
})

it('the schema refuses a file in which a declared number is missing', () => {
  const [stored] = [resultFile(runWith(phase([flowMetricsOf('main', delta())], 1_000)))]
  for (const name of Object.keys({ ...operationCounts, ...operationDistributions })) {
    const copy = JSON.parse(JSON.stringify(stored)) as {
      scenarios: { phases: { flows: { operations: Record<string, Record<string, unknown>> }[] }[] }[]
    }
    delete copy.scenarios[0]!.phases[0]!.flows[0]!.operations['get']![name]
    expect(() => parseResultFile(copy, 'a.json'), name).toThrow(`operations.get.${name}`)
  }
})

function runWith(measured: PhaseResult): RunResult {
  const scenario = {
    id: 's',
    description: '',
    tags: [],
    flows: [],
    phases: [measured.phase],
    workers: 1,
    dispatch: 'tick',
    seed: 1,
    intervalMs: 1_000,
  } as const
  return {
    run: {
      id: '1',
      name: 'r',
      startedAt: new Date(0),
      scenarios: [scenario],
      machines: [],
      configDigest: '',
      plugins: [],
      version: '0',
    },
    endedAt: new Date(1_000),
    reason: 'passed',
    exitCode: 0,
    scenarios: [
      {
        scenario,
        reason: 'passed',
        exitCode: 0,
        phases: [measured],
        checks: [],
        audits: [],
        errors: [],
        workers: [],
      },
    ],
    checks: [],
    errors: [],
  }
}
