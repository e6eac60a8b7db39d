import { Histogram } from '@cloudbench/core'
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics'
import { expect, test } from 'vitest'
import { flow, generator, operation, quantiles } from '../../src/metrics/instruments.ts'
import type { Reading } from '../../src/metrics/readings.ts'
import { Series } from '../../src/metrics/series.ts'
import { temporalityOf } from '../../src/metrics/temporality.ts'
import type { temporalities } from '../../src/options.ts'

const { CUMULATIVE, DELTA } = AggregationTemporality
const attributes = { 'cloudbench.flow': 'main' }
const readings = (count: number): Reading[] => [
  { instrument: operation.requests, attributes, value: count },
  { instrument: generator.cpu, attributes, value: count },
  { instrument: flow.driverCount, attributes, value: count },
  { instrument: quantiles.lag, attributes, value: count },
  { instrument: operation.lag, attributes, value: Histogram.of([count]) },
]
const first = { since: [100, 0], from: [100, 0], to: [101, 0] } as const
const second = { since: [100, 0], from: [101, 0], to: [102, 0] } as const

function pointsOf(
  preference: (typeof temporalities)[number],
  series = new Series(temporalityOf(preference)),
) {
  const at = ({ since, from, to }: typeof first | typeof second) => ({
    since: [...since] as [number, number],
    from: [...from] as [number, number],
    to: [...to] as [number, number],
  })
  series.points(readings(3), at(first))
  return new Map(series.points(readings(4), at(second)).map((point) => [point.instrument, point]))
}

test.for([
  ['cumulative', operation.requests, CUMULATIVE, 7, [100, 0]],
  ['cumulative', generator.cpu, CUMULATIVE, 7, [100, 0]],
  ['delta', operation.requests, DELTA, 4, [101, 0]],
  ['delta', generator.cpu, DELTA, 4, [101, 0]],
  // what can fall has no deltas that a backend could add up
  ['delta', flow.driverCount, CUMULATIVE, 7, [100, 0]],
  ['lowmemory', operation.requests, DELTA, 4, [101, 0]],
  ['lowmemory', generator.cpu, CUMULATIVE, 7, [100, 0]],
] as const)('%s: %o', ([preference, instrument, temporality, value, startTime]) => {
  expect(pointsOf(preference).get(instrument)).toMatchObject({
    temporality,
    value,
    startTime,
    endTime: [102, 0],
  })
})

test.for(['cumulative', 'delta'] as const)('a gauge is that of its interval: %s', (preference) => {
  expect(pointsOf(preference).get(quantiles.lag)).toMatchObject({ value: 4 })
  expect(quantiles.lag.type).toBe(InstrumentType.GAUGE)
})

test('distributions add up', () => {
  expect(pointsOf('cumulative').get(operation.lag)!.value).toMatchObject({ count: 2, sum: 7e-9 })
  expect(pointsOf('delta').get(operation.lag)!.value).toMatchObject({ count: 1, sum: 4e-9 })
})

test('a sum that did not grow is still told, until it begins anew', () => {
  const series = new Series(temporalityOf('cumulative'))
  const stretch = { since: [1, 0], from: [1, 0], to: [2, 0] } satisfies Parameters<Series['points']>[1]
  series.points(readings(3), stretch)
  expect(series.points([], stretch).map(({ instrument }) => instrument)).toContain(operation.requests)
  series.clear()
  expect(series.points([], stretch)).toEqual([])
})
