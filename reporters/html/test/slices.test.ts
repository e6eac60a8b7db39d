import {
  Histogram,
  sumFlow,
  sumFlowLists,
  sumMetrics,
  type FlowMetrics,
  type Interval,
  type Phase,
  type PhaseResult,
} from '@cloudbench/core'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { askedPerSecond, heatChart, timeChart } from '../src/charts/over-time.ts'
import { quantileChart } from '../src/charts/quantiles.ts'
import { slicesOf, type Slice } from '../src/slices.ts'

const second = 1_000

function flowOf(sent: number): FlowMetrics {
  const service = Histogram.of(Array.from({ length: sent }, (_, at) => 1_000 * (at + 1)))
  const metrics = { ...sumMetrics([]), scheduled: sent, sent, ok: sent, service }
  return { ...sumFlow('main', []), operations: { get: metrics }, total: metrics }
}

function phaseOf(name: string, durationMs: number): Phase {
  const stages = [
    { durationMs: durationMs / 2, fromPerSecond: 0, toPerSecond: 100 },
    { durationMs: durationMs / 2, fromPerSecond: 100, toPerSecond: 100 },
  ]
  const load = { model: 'open', connections: 1, arrivals: 'constant', stages } as const
  return { name, kind: 'measure', scenario: 'reads', durationMs, loads: { main: load } }
}

function intervalsOf(phase: Phase, sent: readonly number[]): Interval[] {
  return sent.map((count, at) => ({
    phase,
    startMs: at * second,
    endMs: (at + 1) * second,
    flows: [flowOf(count)],
    generators: [],
    signals: [],
    missing: 0,
  }))
}

function resultOf(phase: Phase, intervals: readonly Interval[], elapsedMs = phase.durationMs): PhaseResult {
  return {
    phase,
    startedAt: new Date(0),
    elapsedMs,
    flows: sumFlowLists(intervals.map(({ flows }) => flows)),
    generators: [],
    signals: [],
    intervals,
    breaches: [],
  }
}

const sentIn = ({ flows }: Slice): number => flows[0]?.total.sent ?? 0
const totalOf = (slices: readonly Slice[]): number => slices.reduce((sum, slice) => sum + sentIn(slice), 0)

test('however many intervals there are, no request is lost, and time goes on', () => {
  const counts = fc.array(fc.nat(3), { minLength: 1, maxLength: 600 })
  fc.assert(
    fc.property(fc.array(counts, { minLength: 1, maxLength: 2 }), (phases) => {
      const results = phases.map((sent, at) => {
        const phase = phaseOf(`phase ${at}`, sent.length * second)
        return resultOf(phase, intervalsOf(phase, sent))
      })
      const slices = slicesOf(results)
      expect(slices.length).toBeLessThanOrEqual(240)
      expect(totalOf(slices)).toBe(phases.flat().reduce((sum, sent) => sum + sent, 0))
      expect(slices[0]!.startMs).toBe(0)
      for (const [at, slice] of slices.entries())
        expect(slice.startMs).toBe(at === 0 ? 0 : slices[at - 1]!.endMs)
      expect(slices.at(-1)!.endMs).toBe(phases.flat().length * second)
    }),
    { numRuns: 25 },
  )
})

test('what is answered after the end of the schedule belongs to the last stretch', () => {
  const phase = phaseOf('measure', 2 * second)
  const slices = slicesOf([resultOf(phase, intervalsOf(phase, [5, 6, 7]))])
  expect(slices.map((slice) => [slice.startMs, slice.endMs, sentIn(slice)])).toEqual([
    [0, 1_000, 5],
    [1_000, 2_000, 13],
  ])
})

test('shards that ran at the same time are one, and runs one after another follow each other', () => {
  const phase = phaseOf('measure', 3 * second)
  const both = [...intervalsOf(phase, [1, 2, 3]), ...intervalsOf(phase, [10, 20, 30])]
  const atOnce = slicesOf([resultOf(phase, both, 3 * second)])
  expect(atOnce.map(sentIn)).toEqual([11, 22, 33])
  const inTurn = slicesOf([resultOf(phase, both, 6 * second)])
  expect(inTurn.map(sentIn)).toEqual([1, 2, 3, 10, 20, 30])
  expect(inTurn.at(-1)!.endMs).toBe(6 * second)
})

test('the requested rate follows the stages of the load', () => {
  const phase = phaseOf('measure', 4 * second)
  const slices = slicesOf([resultOf(phase, intervalsOf(phase, [1, 1, 1, 1]))])
  expect(slices.map((slice) => askedPerSecond(slice, 'main'))).toEqual([25, 75, 100, 100])
})

test('percentiles are drawn up to the slowest request, and never fall', () => {
  const values = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(values, (durations) => {
      const histogram = Histogram.of(durations)
      const chart = quantileChart([{ label: 'response', color: 0, histogram }], 'one')!
      const [drawn] = chart.series
      const last = drawn!.values.at(-1)!
      expect(last).toBeCloseTo(Number(histogram.max.toPrecision(4)), 0)
      const shown = drawn!.values.filter((value) => value !== null)
      expect(shown).toEqual(shown.toSorted((a, b) => a - b))
    }),
  )
})

test('a heatmap has every request once', () => {
  const phase = phaseOf('measure', 3 * second)
  const slices = slicesOf([resultOf(phase, intervalsOf(phase, [40, 0, 7]))])
  const chart = heatChart(slices, (slice) => slice.flows[0]?.total.service, 'one')!
  const counts = chart.columns.map((column) =>
    column.filter((_, at) => at % 2 === 1).reduce((sum, count) => sum + count, 0),
  )
  expect(counts).toEqual([40, 0, 7])
  expect(chart.edges).toEqual([0, 1, 2, 3])
})

test('there is no chart without a value', () => {
  const line = { label: 'none', color: 0, of: () => Number.NaN }
  expect(timeChart([], [line], { unit: 'count', group: 'one' })).toBeUndefined()
  expect(heatChart([], () => Histogram.empty, 'one')).toBeUndefined()
  expect(quantileChart([{ label: 'none', color: 0, histogram: Histogram.empty }], 'one')).toBeUndefined()
})
