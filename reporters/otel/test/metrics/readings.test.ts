import { Histogram, sumFlowLists } from '@cloudbench/core'
import type { FlowMetrics, Interval, MachineSignals, Metrics, Phase, PhaseResult } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { intervalReadings, lateReadings, phaseReadings, type Reading } from '../../src/metrics/readings.ts'

const open = { model: 'open', connections: 1, arrivals: 'constant', stages: [] } as const
const closed = { model: 'closed', connections: 1, thinkMs: 0 } as const
const phase: Phase = {
  name: 'measure',
  kind: 'measure',
  scenario: 'steady',
  durationMs: 1_000,
  loads: { main: open, back: closed },
}

/** Three that went well, one that failed, one that was never answered, and two never sent. */
const measured: Metrics = {
  ok: 3,
  failed: 1,
  timedOut: 0,
  unanswered: 1,
  unsent: 2,
  censored: 3,
  lateShare: 0,
  sent: 5,
  scheduled: 7,
  response: Histogram.of([1_000, 2_000, 3_000, 9_000, 9_000, 9_000]),
  service: Histogram.of([900, 1_900, 2_900, 8_900]),
  lag: Histogram.of([100, 100, 100, 100, 100]),
  failures: Histogram.of([400]),
  outcomes: { hit: { count: 3, ok: true }, nope: { count: 1, ok: false } },
}
function flowOf(flow: string): FlowMetrics {
  return {
    flow,
    operations: { get: measured },
    total: measured,
    connections: { opened: 1, refused: 0, openMs: 500 },
    bytes: { sent: 10, received: 20 },
    inFlightMs: 250,
    counters: {},
    recorders: {},
  }
}
const signals = (count: number): MachineSignals => ({
  machine: 'runner',
  gauges: { 'memory.usedBytes': { mean: 5, max: 9, observedMs: 1_000 } },
  counters: { 'net.retransmits': count },
})
const interval: Interval = {
  phase,
  startMs: 500,
  endMs: 1_100,
  flows: [flowOf('main'), flowOf('back')],
  generators: [],
  signals: [signals(3)],
  missing: 0,
}
const readings = intervalReadings(interval)
const named = (all: readonly Reading[], name: string, attributes: object = {}): Reading[] =>
  all.filter(
    (reading) =>
      reading.instrument.name === name &&
      Object.entries(attributes).every(([key, value]) => reading.attributes[key] === value),
  )

test.for([
  ['main', 'response', 6],
  ['main', 'failures', 1],
  ['back', 'service', 4],
  ['back', 'failures', 1],
] as const)('of flow %s the distribution %s is told', ([flow, distribution, count]) => {
  const [reading, ...more] = named(readings, 'cloudbench.request.duration', {
    'cloudbench.flow': flow,
    'cloudbench.distribution': distribution,
  })
  expect(reading!.value).toMatchObject({ count })
  expect(more).toEqual([])
})

test('requests are told by how they ended, and add up to those that were sent', () => {
  const ended = named(readings, 'cloudbench.requests', { 'cloudbench.flow': 'main' })
  const byOutcome = Object.fromEntries(
    ended.map(({ attributes, value }) => [attributes['cloudbench.outcome'], value]),
  )
  expect(byOutcome).toEqual({ hit: 3, nope: 1, timedOut: 0, unanswered: 1 })
})

test('a mean is over the schedule, and there is none after it', () => {
  expect(named(readings, 'cloudbench.connections')[0]!.value).toBe(1)
  const drain = intervalReadings({ ...interval, startMs: 1_100, endMs: 1_300 })
  expect(named(drain, 'cloudbench.connections')).toEqual([])
})

test('quantiles are exact, and what was not measured has none', () => {
  const values = named(readings, 'cloudbench.service.duration.quantile', { 'cloudbench.flow': 'main' })
  expect(Object.fromEntries(values.map(({ attributes, value }) => [attributes['quantile'], value]))).toEqual({
    '0.5': 1_900 / 1e9,
    '0.9': 8_900 / 1e9,
    '0.95': 8_900 / 1e9,
    '0.99': 8_900 / 1e9,
    '0.999': 8_900 / 1e9,
    '1': 8_900 / 1e9,
  })
  const quiet = { ...measured, lag: Histogram.empty }
  const none = intervalReadings({
    ...interval,
    flows: [{ ...flowOf('main'), operations: { get: quiet }, total: quiet }],
  })
  expect(named(none, 'cloudbench.lag.quantile')).toEqual([])
})

test('a phase has quantiles and a rate of its own', () => {
  const flows = sumFlowLists([interval.flows, interval.flows])
  const result: PhaseResult = {
    phase,
    startedAt: new Date(0),
    elapsedMs: 2_000,
    flows,
    generators: [],
    signals: [],
    intervals: [],
    breaches: [],
  }
  const all = phaseReadings(result)
  const main = { 'cloudbench.flow': 'main' }
  expect(named(all, 'cloudbench.phase.throughput', main)).toMatchObject([{ value: 4 }])
  expect(named(all, 'cloudbench.phase.lag.quantile', { ...main, quantile: '0.5' })).toMatchObject([
    { value: 1e-7 },
  ])
})

test('what was sampled after the last interval is told as well', () => {
  const result = { phase, signals: [signals(5)] } as unknown as PhaseResult
  expect(lateReadings(result, [interval])).toMatchObject([
    { attributes: { 'cloudbench.signal': 'net.retransmits', 'host.name': 'runner' }, value: 2 },
  ])
  expect(lateReadings({ ...result, signals: [signals(3)] }, [interval])).toEqual([])
})
