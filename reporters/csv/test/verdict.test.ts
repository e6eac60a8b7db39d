import { runOf, tell, type RunName } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'

/** The totals of a run, a record for each row. None of its cells has a comma in it. */
async function totalsOf(run: RunName): Promise<Record<string, string>[]> {
  const { files } = await tell(reporter, runOf(run))
  const [head = [], ...rows] = files
    .get('totals.csv')!
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
  return rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at]!])))
}

test('a row says what its scenario is worth, and why', async () => {
  const rows = await totalsOf('doubtful')
  expect(rows.find(({ scenario }) => scenario === 'neighbours')).toMatchObject({
    verdict: 'suspect',
    verdict_reasons: 'CPU_STEAL NOT_STEADY TOO_FEW_SAMPLES',
  })
  expect(rows.find(({ scenario }) => scenario === 'unseen')).toMatchObject({
    verdict: 'unknown',
    verdict_reasons: '',
  })
})

test('its numbers have their intervals, and what they are worth', async () => {
  const [flow, operation] = await totalsOf('doubtful')
  expect(flow).toMatchObject({
    operation: '',
    rate_validity: 'valid',
    rate_low_per_sec: '98',
    rate_high_per_sec: '102',
    latency_p50_low_ms: '0.227',
    latency_p50_high_ms: '0.249',
    latency_p99_low_ms: '0.274',
    latency_p99_high_ms: '',
    latency_p999_validity: 'invalid',
  })
  expect(operation).toMatchObject({ operation: 'get', rate_low_per_sec: '88.2' })
})

test('a result of an older version has nothing there', async () => {
  const [row] = await totalsOf('passed')
  expect(row).toMatchObject({ verdict: '', verdict_reasons: '', rate_validity: '', latency_p99_low_ms: '' })
})
