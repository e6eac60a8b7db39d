import { expect, test } from 'vitest'
import type { WorkerInterval } from '../../src/metrics/delta.ts'
import { mergeIntervals } from '../../src/metrics/intervals.ts'
import { HistogramRecorder } from '../../src/metrics/recorder.ts'
import { sumSignals } from '../../src/metrics/signals.ts'
import { Collector } from '../../src/orchestrator/collector.ts'
import type { Interval, MachineSignals, Phase } from '../../src/plugin/model.ts'

const phase: Phase = { name: 'm', kind: 'measure', scenario: 's', durationMs: 3_000, loads: {} }

function second(index: number): WorkerInterval {
  return {
    index,
    startMs: index * 1_000,
    endMs: (index + 1) * 1_000,
    flows: [],
    generator: {
      cpuMs: 0,
      busy: 0,
      gcCount: 0,
      gcMs: 0,
      gcMinorMs: 0,
      gcMajorMs: 0,
      gcIncrementalMs: 0,
      gcWeakMs: 0,
      gcMaxMs: 0,
      allocatedBytes: 0,
      rssBytes: 0,
      lag: new HistogramRecorder().drain(),
      hiccup: new HistogramRecorder().drain(),
    },
  }
}

function sample(usedBytes: number, stalledMs: number): MachineSignals {
  return {
    machine: 'here',
    gauges: { 'memory.usedBytes': { mean: usedBytes, max: usedBytes, observedMs: 1_000 } },
    counters: { 'memory.stalledMs': stalledMs },
  }
}

test('samples belong to the interval that is closed next, a late one too, and none is lost', () => {
  const seen: Interval[] = []
  const collector = new Collector({ phase, flows: [], workers: 1, onInterval: (one) => seen.push(one) })
  collector.addSignals(sample(10, 1))
  collector.add(0, second(0))
  // the sample of this second is late
  collector.add(0, second(1))
  collector.addSignals(sample(40, 2))
  collector.addSignals(sample(20, 4))
  collector.add(0, second(2))
  expect(seen.map(({ signals }) => signals[0]?.counters['memory.stalledMs'])).toEqual([1, undefined, 6])
  expect(seen[2]!.signals[0]!.gauges['memory.usedBytes']).toEqual({ mean: 30, max: 40, observedMs: 2_000 })

  // when the last interval has been closed, there is still the end of the phase
  collector.addSignals(sample(20, 8))
  const { intervals, signals } = collector.finish()
  expect(intervals.map((one) => one.signals[0]?.counters['memory.stalledMs'])).toEqual([1, undefined, 14])
  expect(signals).toEqual(sumSignals(intervals.flatMap((one) => one.signals)))
  expect(signals[0]!.gauges['memory.usedBytes']).toEqual({ mean: 22.5, max: 40, observedMs: 4_000 })

  expect(mergeIntervals(seen[0]!, seen[2]!)!.signals[0]!.counters).toEqual({ 'memory.stalledMs': 7 })
})

test('kept intervals add up to the phase, however often they have been merged', () => {
  const collector = new Collector({ phase, flows: [], workers: 1, onInterval: () => {} })
  for (let index = 0; index < 500; index++) {
    collector.addSignals(sample(index, index % 7))
    collector.add(0, second(index))
  }
  const { intervals, signals } = collector.finish()
  expect(intervals.length).toBeLessThanOrEqual(120)
  const [sum] = sumSignals(intervals.flatMap((one) => one.signals))
  expect(sum!.counters).toEqual(signals[0]!.counters)
  expect(sum!.gauges['memory.usedBytes']!.observedMs).toBe(500_000)
  expect(sum!.gauges['memory.usedBytes']!.mean).toBeCloseTo(249.5, 6)
  expect(signals[0]!.gauges['memory.usedBytes']!.mean).toBeCloseTo(249.5, 6)
})
