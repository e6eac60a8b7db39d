import type { RunResult } from '@cloudbench/core'
import { runOf } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import { partsOf } from '../src/page.ts'
import { reportOf } from '../src/report.ts'

const text = (result: RunResult): string => partsOf(reportOf(result), (given) => given).html

test('the slowest requests with a trace are there with their ids, and logs with what they have', () => {
  const run = runOf('passed')
  const [scenario] = run.scenarios as [RunResult['scenarios'][number]]
  const requests = Array.from({ length: 30 }, (_, index) => ({
    flow: 'main',
    operation: 'get',
    outcome: 'hit',
    ok: true,
    index,
    connection: 0,
    sampled: true,
    dueMs: 0,
    sentMs: 1,
    doneMs: 2 + index,
    traceId: `${index}`.padStart(32, 'a'),
    spanId: 'b'.repeat(16),
  }))
  const phases = scenario.phases.map((phase) => ({
    ...phase,
    intervals: phase.intervals.map((interval, at) => ({ ...interval, requests: at === 1 ? requests : [] })),
  }))
  const logs = [{ worker: 0, file: 'log/main.cblog', sample: 0.01, records: 1_234, dropped: 5, bytes: 9_000 }]
  const page = text({ ...run, scenarios: [{ ...scenario, phases, logs }] })
  const ids = [...page.matchAll(/<code>(a+\d+)<\/code>/g)].map(([, id]) => Number(id!.replaceAll('a', '')))
  expect(ids).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20])
  expect(page).toContain('<data value="31000000">31.0 ms</data>')
  expect(page).toContain('log/main.cblog')
  expect(page).toContain('<data value="1234">1,234</data>')
  expect(text(run)).not.toMatch(/with a trace|Request logs/)
})
