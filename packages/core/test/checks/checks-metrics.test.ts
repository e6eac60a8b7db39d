import { expect, it } from 'vitest'
import { metricValue } from '../../src/checks/checks.ts'
import { metricNames, parseMetric } from '../../src/checks/metric.ts'
import { flow, operation, times } from '../metrics/measured.ts'

const nothing = flow('main', {})

const measured = {
  elapsedMs: 2000,
  flows: [
    flow(
      'main',
      {
        get: operation([1, 2, 3, 4], {
          scheduled: 12,
          sent: 10,
          ok: 4,
          failed: 3,
          timedOut: 2,
          unanswered: 1,
          unsent: 2,
          outcomes: {
            hit: { count: 4, ok: true },
            'ERR a/b': { count: 3, ok: false },
            miss: { count: 0, ok: true },
          },
          failures: times([7]),
        }),
      },
      {
        connections: { ...nothing.connections, opened: 2, refused: 1, openMs: 10_000 },
        bytes: { ...nothing.bytes, sent: 4000, received: 8_000_000 },
        counters: { 'cache.hits': 90, 'cache.misses': 10, retries: 3 },
        recorders: { 'end.to.end': times([1, 100]) },
      },
    ),
  ],
}

it.each([
  ['rate', 3.5, '3.5/s'],
  ['requests', 10, '10'],
  ['errors.rate', 0.6, '60 %'],
  ['errors.count', 6, '6'],
  ['timeouts', 2, '2'],
  ['unsent', 2, '2'],
  ['connections.opened', 2, '2'],
  ['connections.refused', 1, '1'],
  ['connections.active', 5, '5'],
  ['reuse', 2, '2'],
  ['residency', 0.9, '90 %'],
  ['bytes.sent', 2000, '2 KB/s'],
  ['bytes.received', 4_000_000, '4 MB/s'],
  ['outcomes.hit.rate', 0.4, '40 %'],
  ['outcomes.ERR a/b.count', 3, '3'],
  ['outcomes.miss.rate', 0, '0 %'],
  ['counters.retries', 3, '3'],
  ['counters.cache.hits', 90, '90'],
  ['response.min', 1e6, '1.00 ms'],
  ['response.mean', 2.5e6, '2.50 ms'],
  ['response.max', 4e6, '4.00 ms'],
  ['service.max', 2e6, '2.00 ms'],
  ['lag.max', 1e4, '10 µs'],
  ['failures.p100', 7e6, '7.00 ms'],
  ['recorders.end.to.end.max', 1e8, '100 ms'],
])('reads %s', (name, value, text) => {
  expect(metricValue(measured, name)).toMatchObject({ value, text })
})

it('adds up the cache look-ups of several servers', () => {
  const flows = [
    flow('redis', {}, { counters: { 'cache.hits': 60, 'cache.misses': 0 } }),
    flow('postgres', {}, { counters: { 'cache.hits': 30, 'cache.misses': 10 } }),
    flow('http', {}),
  ]
  expect(metricValue({ ...measured, flows }, 'residency')).toMatchObject({ value: 0.9, text: '90 %' })
})

it('spells quantiles with or without a point', () => {
  for (const [short, long] of [
    ['response.p999', 'response.p99.9'],
    ['response.p9999', 'response.p99.99'],
  ] as const)
    expect(metricValue(measured, short).value).toBe(metricValue(measured, long).value)
  expect(metricValue(measured, 'response.p50').value).toBeCloseTo(2e6, -4)
  expect(metricValue(measured, 'response.p100').value).toBe(4e6)
})

it('knows every name that it lists', () => {
  for (const name of metricNames) expect(parseMetric(name).name).toBe(name)
})
