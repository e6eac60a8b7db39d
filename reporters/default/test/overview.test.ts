import type { RunResult } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { createOn, runOf, type Screenplay } from './replay.ts'

/** What is printed of a run of several scenarios. */
async function printed(screenplays: readonly Screenplay[], merged?: readonly string[]): Promise<string> {
  let written = ''
  const reporter = await createOn({
    isTTY: false,
    columns: 100,
    color: false,
    write: (text) => void (written += text),
  })
  const parts = screenplays.map(runOf)
  const scenarios = parts.flatMap((part) => part.scenarios)
  const result: RunResult = {
    ...parts[0]!,
    scenarios,
    run: {
      ...parts[0]!.run,
      scenarios: scenarios.map(({ scenario }) => scenario),
      ...(merged && { merged }),
    },
  }
  await reporter.onRunStart?.(result.run)
  for (const one of scenarios) {
    await reporter.onScenarioStart?.(one.scenario)
    await reporter.onScenarioEnd?.(one)
  }
  await reporter.onRunEnd?.(result)
  await reporter.close?.()
  return written
}

const check = { name: 'response.p99', scenario: 'writes', status: 'failed', expected: '< 1ms' } as const

test('several scenarios are counted, and at the end those that did not pass are named, with the reason', async () => {
  const text = await printed([
    { id: 'reads' },
    { id: 'writes', reason: 'failed', checks: [{ ...check, actual: '1.37 ms' }] },
    {
      id: 'calls\u001B',
      reason: 'errored',
      isEmpty: true,
      errors: [{ source: 'target', during: 'start of the service', message: 'no such program\n  next: x' }],
    },
    { id: 'rest', reason: 'interrupted' },
  ])
  expect(text).toMatch(/^writes \(2 of 4\)$/m)
  expect(
    text.endsWith(`3 of 4 scenarios did not pass
  FAILED  writes: response.p99 < 1ms: 1.37 ms
  ERRORED  calls\\x1b: start of the service: no such program
  INTERRUPTED  rest

`),
  ).toBe(true)
})

test('one scenario, or several that passed, need no list', async () => {
  const failed: Screenplay = { reason: 'failed', checks: [{ ...check, actual: '1.37 ms' }] }
  for (const screenplays of [[failed], [{ id: 'reads' }, { id: 'writes' }]])
    expect(await printed(screenplays)).not.toContain('did not pass')
  expect(await printed([failed])).not.toContain('1 of 1')
})

test('runs that were put together are side by side, each with its name and how it ended', async () => {
  const text = await printed([{ id: 'before' }, { id: 'after', reason: 'failed' }], ['a', 'b'])
  expect(text).toContain(`side by side
  run  requests  rate  errors     p50      p90      p95      p99    p99.9      max
  #1       1000  50/s     0 %  899 µs  1.20 ms  1.25 ms  1.29 ms  1.30 ms  1.30 ms
  #2       1000  50/s     0 %  899 µs  1.20 ms  1.25 ms  1.29 ms  1.30 ms  1.30 ms
  #1 before
  #2 after  FAILED
`)
})
