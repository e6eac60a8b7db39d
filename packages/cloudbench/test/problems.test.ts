import type { RunResult } from '@cloudbench/core'
import { runOf } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import type { CommandContext } from '../src/command-context.ts'
import { printProblems } from '../src/reporting.ts'

function said(result: RunResult): string {
  let text = ''
  const terminal = { stderr: { write: (part: string) => void (text += part) } }
  printProblems(result, { redact: (own: string) => own, terminal } as unknown as CommandContext)
  return text
}

/** The scenario `overload`, which ended as its only check says. */
function overload(actual: string): RunResult {
  const run = runOf('invalid')
  const result = run.scenarios.find(({ scenario }) => scenario.id === 'overload')!
  const checks = result.checks
    .filter(({ status }) => status === 'invalid')
    .map((check) => ({ ...check, actual, name: 'response.p99' }))
  return { ...run, checks, scenarios: [{ ...result, checks }] }
}

test('a check that is invalid has the advice of its number, in whatever words it says why', () => {
  const { verdict } = overload('').scenarios[0]!
  const [reason] = verdict!.reasons
  for (const actual of [`1 s, invalid: ${reason!.text}`, '1 s, invalid: p99 of that is 900 ms'])
    expect(said(overload(actual))).toContain(`${actual}\n  next: ${reason!.advice}`)
})

test('a scenario that is suspect, and was to be valid, says why: for numbers that are invalid too', () => {
  const { scenarios, ...run } = overload('')
  const [result] = scenarios
  const verdict = { ...result!.verdict!, validity: 'suspect', required: 'valid' } as const
  const text = said({ ...run, checks: [], scenarios: [{ ...result!, checks: [], verdict }] })
  expect(verdict.reasons.map(({ validity }) => validity)).toContain('invalid')
  expect(text).toContain(`overload is suspect: ${verdict.reasons[0]!.text}\n  next:`)
})
