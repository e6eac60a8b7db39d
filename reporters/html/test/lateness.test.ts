import { Histogram } from '@cloudbench/core'
import { runOf } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import { partsOf } from '../src/page.ts'
import { reportOf } from '../src/report.ts'

/** The page of a run whose generator was always as late as that. */
function pageOf(lagNs: number): string {
  const run = runOf('passed')
  const scenarios = run.scenarios.map((scenario) => ({
    ...scenario,
    phases: scenario.phases.map((phase) => ({
      ...phase,
      generators: phase.generators.map((sample) => ({ ...sample, lag: Histogram.of([lagNs]) })),
    })),
  }))
  return partsOf(reportOf({ ...run, scenarios }), (text) => text).html
}

test('a page says where the generator was late, and what to do', () => {
  const said = pageOf(100_000).replaceAll(/\s+/g, ' ')
  expect(said).toMatch(/The generator was late: its own lag p99 of 100 µs is 35 % of the response p99/)
  expect(pageOf(1)).not.toContain('The generator was late')
})
