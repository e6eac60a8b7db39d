import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'
import { countingTarget, httpTarget } from './support/target.ts'

const fields = [
  'scenario',
  'duration_sec',
  'tps_avg',
  'latency_p95_ms',
  'error_rate_pct',
  'requests',
  'errors',
  'unsent',
  'latency_basis',
  'latency_p50_ms',
  'latency_p90_ms',
  'latency_p99_ms',
  'latency_p999_ms',
  'latency_max_ms',
  'service_p50_ms',
  'service_p99_ms',
  'lag_p50_ms',
  'lag_p99_ms',
  'rate_asked',
  'workers',
  'cpu_us_per_request',
  'allocated_bytes_per_request',
  'exit',
  'verdict',
  'verdict_reasons',
  'tps_low',
  'tps_high',
  'latency_p50_low_ms',
  'latency_p50_high_ms',
  'latency_p95_low_ms',
  'latency_p95_high_ms',
  'latency_p99_low_ms',
  'latency_p99_high_ms',
]

test('a folder without configuration is enough for a run with flags, and stdout is one flat line', async () => {
  const target = await countingTarget({ delayMs: 20 })
  const cwd = await folder()
  const { code, stdout } = await cloudbench(
    [
      'run',
      'http-json-api',
      '--set',
      `targets.http.url=${target.url}`,
      '--rate',
      '80/s',
      '--duration',
      '2s',
      '--warmup',
      '0s',
      '--workers',
      '4',
      '--reporter',
      'json',
    ],
    { cwd },
  )
  expect(code).toBe(0)
  expect(stdout.endsWith('\n') && stdout.trimEnd().split('\n')).toHaveLength(1)
  const line = JSON.parse(stdout) as Record<string, number>
  expect(Object.keys(line)).toEqual(fields)
  expect(line).toMatchObject({
    scenario: 'http-json-api',
    requests: target.served(),
    // a busy machine answers the last requests after the end
    duration_sec: expect.toSatisfy((seconds: number) => seconds >= 2) as number,
    // at most what was served: answers after the end of the schedule belong to no rate
    tps_avg: expect.toSatisfy((rate: number) => rate > 8 && rate <= 80) as number,
    rate_asked: 80,
    errors: 0,
    unsent: 0,
    error_rate_pct: 0,
    latency_basis: 'response',
    workers: 4,
    exit: 0,
  })
  expect(line['cpu_us_per_request']).toBeGreaterThan(0)
  expect(line['allocated_bytes_per_request']).toBeGreaterThan(0)
  // the server answers no earlier
  expect(line['service_p50_ms']).toBeGreaterThanOrEqual(20)
  expect(line['latency_p50_ms']).toBeGreaterThanOrEqual(line['service_p50_ms']!)
})

test('a closed loop reports service times, and null for the rate it does not have', async () => {
  const url = await httpTarget({ delayMs: 5 })
  const cwd = await folder({
    'config/scenarios/closed.yaml': 'target: http\nworkload: json-api\nconnections: 3\n',
  })
  const { code, stdout } = await cloudbench(
    ['closed', '--set', `targets.http.url=${url}`, '--duration', '1s', '--warmup', '0s', '--reporter=json'],
    { cwd },
  )
  expect(code).toBe(0)
  const line = JSON.parse(stdout) as Record<string, unknown>
  expect(line).toMatchObject({ latency_basis: 'service', rate_asked: null, lag_p50_ms: null })
  expect(line['latency_p50_ms']).toBe(line['service_p50_ms'])
})

test('`report` prints the same line again from the result file', async () => {
  const url = await httpTarget()
  const cwd = await folder()
  const live = await cloudbench(
    typed(`http-json-api --set targets.http.url=${url} --duration 1s --warmup 0s --reporter json`),
    { cwd },
  )
  const files = await readdir(join(cwd, '.cloudbench'))
  expect(files).toHaveLength(1)
  const again = await cloudbench(['report', `.cloudbench/${files[0]!}`, '--reporter', 'json'], { cwd })
  expect(again.stdout).toBe(live.stdout)
  expect(again.code).toBe(live.code)
})
