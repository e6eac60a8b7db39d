import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { families } from '../src/families.ts'
import { reservedLabels } from '../src/labels.ts'
import { isMissing, standIn } from './support/gateway.ts'
import { run, steady } from './support/run.ts'
import { seriesOf, sum, type Series } from './support/series.ts'

async function lastPut(order: Parameters<typeof run>[0]): Promise<string> {
  const gateway = await standIn()
  const { result } = await run({ ...order, options: { pushgateway: gateway.url, ...order?.options } })
  expect(result.errors).toEqual([])
  return gateway.asked.at(-1)!.body
}

const values = (text: string, name: string): [Series['labels'], number][] =>
  seriesOf(text)
    .filter((one) => one.name === name)
    .map(({ labels, value }) => [labels, value])

test.skipIf(isMissing('prometheus', 'promtool'))(
  'promtool finds nothing wrong with the metrics of a run',
  async () => {
    const text = await lastPut({
      scenarios: {
        all: {
          flows: {
            a: steady,
            'b "\\ \u{1F680}': { target: 'server', workload: 'mixed', connections: 2, think: '2ms' },
          },
          timeout: '100ms',
          checks: { requests: '> 0' },
        },
      },
    })
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    })
    expect(stderr + stdout).toBe('')
    expect(status).toBe(0)
    const labels = seriesOf(text).flatMap((one) => Object.keys(one.labels))
    for (const label of new Set(labels)) expect(reservedLabels).toContain(label)
  },
)

test('a check is there with its value and its limit in base units, and its limit is an edge', async () => {
  const text = await lastPut({
    scenarios: {
      steady: {
        ...steady,
        checks: { 'response.p99': '< 25s', requests: '< 10', 'recorders.x.p99': '< 1ms' },
      },
    },
  })
  expect(values(text, 'cloudbench_check_passed')).toEqual([
    [{ check: 'response.p99' }, 1],
    [{ check: 'requests' }, 0],
    [{ check: 'recorders.x.p99' }, 0],
  ])
  expect(values(text, 'cloudbench_check_limit')).toContainEqual([
    { check: 'response.p99', unit: 'seconds' },
    25,
  ])
  expect(values(text, 'cloudbench_check_value')).toContainEqual([{ check: 'requests', unit: 'count' }, 100])
  expect(values(text, 'cloudbench_verdict')).toContainEqual([{ reason: 'failed' }, 1])
  const edges = values(text, 'cloudbench_request_duration_seconds_bucket').map(([{ le }]) => Number(le))
  expect(edges.some((edge) => edge >= 25 && edge <= 25.025)).toBe(true)
})

test('in the end gauges are of the whole measurement, as in the result file', async () => {
  const text = await lastPut({ scenarios: { steady } })
  const series = seriesOf(text)
  expect(sum(series, 'cloudbench_residency_ratio')).toBeCloseTo(0.75, 1)
  expect(sum(series, 'cloudbench_asked_requests_per_second')).toBe(200)
  expect(sum(series, 'cloudbench_connections')).toBeCloseTo(4, 0)
  expect(sum(series, 'cloudbench_measured_seconds_total')).toBeCloseTo(0.5, 1)
  expect(sum(series, 'cloudbench_generator_cpu_seconds_total')).toBeGreaterThan(0)
  expect(sum(series, 'cloudbench_phase')).toBeNaN()
})

test('names that differ in nothing but a secret stay apart, and no word of ours is taken for one', async () => {
  const text = await lastPut({
    env: { ONE: 'failures' },
    options: { labels: { key: '${env:ONE}' } },
    scenarios: { steady },
  })
  expect(text).not.toContain('key="failures"')
  expect(
    values(text, 'cloudbench_request_duration_seconds_count').map(([labels]) => labels['distribution']),
  ).toContain('failures')
})

test('no two metrics have one name, and all names end in their unit', () => {
  const names = families.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
  for (const { name, type } of families) {
    expect(name).toMatch(/^cloudbench_[a-z_]+$/)
    if (type === 'counter') expect(name).toMatch(/_total$/)
    if (type === 'histogram') expect(name).toMatch(/_seconds$/)
  }
})
