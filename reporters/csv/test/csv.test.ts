import { flatLine } from '@cloudbench/core'
import { runNames, runOf, tell } from '@cloudbench/testkit/runs'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'

type Row = Readonly<Record<string, string>>

async function tablesOf(name: (typeof runNames)[number]): Promise<{ intervals: Row[]; totals: Row[] }> {
  const { files, log } = await tell(reporter, runOf(name))
  expect(log).toEqual(['tables: intervals.csv, totals.csv in /output'])
  expect([...files.keys()]).toEqual(['intervals.csv', 'totals.csv'])
  const read = (file: string): Row[] => parse<Row>(files.get(file)!, { columns: true })
  return { intervals: read('intervals.csv'), totals: read('totals.csv') }
}

test('a row per interval, flow and operation: the rows of the operations add up to that of the flow', async () => {
  const { intervals } = await tablesOf('failed')
  const reads = intervals.filter(({ scenario }) => scenario === 'reads')
  expect(
    reads.map(({ start_sec, end_sec, flow, operation }) => [start_sec, end_sec, flow, operation]),
  ).toEqual(
    ['0 1', '1 2', '2 3'].flatMap((time) =>
      ['', 'get', 'set'].map((operation) => [...time.split(' '), 'main', operation]),
    ),
  )
  for (const column of ['sent', 'ok', 'failed', 'timed_out', 'unsent', 'errors', 'response_count'])
    for (const start of ['0', '1', '2']) {
      const [whole, ...parts] = reads
        .filter((row) => row['start_sec'] === start)
        .map((row) => Number(row[column]))
      expect(
        parts.reduce((sum, part) => sum + part, 0),
        column,
      ).toBe(whole)
    }
  expect(reads[0]).toMatchObject({ phase: 'measure', kind: 'measure', rate_per_sec: '100' })
  expect(reads[0]!['connections_mean']).not.toBe('')
  expect(reads[1]!['connections_mean']).toBe('')
})

test.each(runNames)('%s: the totals are those of the flat line', async (name) => {
  const { totals } = await tablesOf(name)
  const { scenarios } = runOf(name)
  for (const result of scenarios) {
    const line = flatLine(result)
    // names are shown without colour codes, and like text where they could be a formula
    const rows = totals.filter(
      ({ scenario, operation }) => scenario === result.scenario.id && operation === '',
    )
    const sum = (column: string): number => rows.reduce((all, row) => all + Number(row[column]), 0)
    expect([sum('sent'), sum('errors'), sum('unsent')]).toEqual([line.requests, line.errors, line.unsent])
    const [only] = rows
    if (rows.length === 1 && line.requests > 0) {
      expect(Number(only!['duration_sec'])).toBe(line.duration_sec)
      expect(Number(only!['rate_per_sec'])).toBe(line.tps_avg)
      expect(Number(only!['response_p99_ms'])).toBe(line.latency_p99_ms)
      expect(Number(only!['lag_p50_ms'])).toBe(line.lag_p50_ms)
      expect(only!['result']).toBe(result.reason)
    }
  }
  expect(totals.filter(({ operation }) => operation === '').length).toBe(
    scenarios.reduce(
      (all, { phases }) =>
        all + (phases.some(({ phase }) => phase.kind === 'measure') ? phases.at(-1)!.flows.length : 0),
      0,
    ),
  )
})

test('a killed run leaves no rows of an earlier one', async () => {
  const { files } = await tell(reporter, runOf('passed'), { untilStart: true })
  for (const text of files.values())
    expect(text.split('\r\n')).toEqual([expect.stringMatching(/^scenario,/), ''])
})

test('the columns are these', async () => {
  const { files } = await tell(reporter, runOf('empty'))
  const measured =
    'flow,operation,scheduled,sent,ok,failed,timed_out,unanswered,unsent,errors,rate_per_sec,' +
    ['response', 'service', 'lag']
      .flatMap((name) =>
        ['count', 'mean_ms', 'p50_ms', 'p90_ms', 'p95_ms', 'p99_ms', 'p999_ms', 'max_ms'].map(
          (of) => `${name}_${of}`,
        ),
      )
      .join(',') +
    ',connections_mean,connections_opened,connections_refused,in_flight_mean,sent_bytes,received_bytes'
  expect(files.get('intervals.csv')).toBe(`scenario,phase,kind,start_sec,end_sec,${measured}\r\n`)
  const latencies = ['p50', 'p90', 'p95', 'p99', 'p999'].flatMap((name) =>
    ['validity', 'low_ms', 'high_ms'].map((of) => `latency_${name}_${of}`),
  )
  const verdict = `verdict,verdict_reasons,rate_validity,rate_low_per_sec,rate_high_per_sec,${latencies.join(',')}`
  expect(files.get('totals.csv')).toBe(`scenario,result,duration_sec,${measured},${verdict}\r\n`)
})
