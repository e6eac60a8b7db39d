import { comparesWithLastWeek } from '@cloudbench/fixtures/plugins/inline/compares-with-last-week'
import { describe, expect, it } from 'vitest'
import type { Hooks, Plugin } from '../../src/hooks/lifecycle.ts'
import type { CheckResult } from '../../src/plugin/model.ts'
import { resultFile } from '../../src/result/file.ts'
import { mergeResults } from '../../src/result/merge.ts'
import { reviveResult } from '../../src/result/read.ts'
import { parseResultFile } from '../../src/result/schema.ts'
import { runSteady } from '../support/run.ts'

const added = (name: string, status: CheckResult['status']): CheckResult => ({
  name,
  scenario: 'steady',
  status,
  expected: 'within 5 %',
  actual: '7 % slower',
})

/** A plugin with one hook, which evaluates scenarios. */
const evaluating = (name: string, evaluate: Hooks['scenario:evaluate']): Plugin => ({
  name,
  hooks: { 'scenario:evaluate': evaluate },
})

describe('a hook that evaluates', () => {
  it('adds checks to a scenario and to the run, which name the hook, in the result and in its file', async () => {
    const result = await runSteady({
      durationMs: 200,
      checks: { rate: '> 0/s' },
      plugins: [
        {
          name: 'compare',
          hooks: {
            'scenario:evaluate': (_, checks) => void checks.push(added('baseline', 'passed')),
            'run:evaluate': (_, checks) => void checks.push(added('trend', 'passed')),
          },
        },
      ],
    })
    const scenario = result.scenarios[0]!
    expect(scenario.checks.map(({ name, addedBy }) => [name, addedBy])).toEqual([
      ['rate', undefined],
      ['baseline', { plugin: 'compare', hook: 'scenario:evaluate' }],
    ])
    expect(result.checks.map(({ name }) => name)).toEqual(['rate', 'baseline', 'trend'])
    const file = resultFile(result)
    const read = reviveResult(parseResultFile(JSON.parse(JSON.stringify(file)), 'a.json'))
    expect(read.checks).toEqual(result.checks)
    const later = { ...read, run: { ...read.run, id: 'later' } }
    // with two shards, every check appears once per shard, and none of the run is mistaken for one of a scenario
    expect(mergeResults([read, later]).checks.map(({ name }) => name)).toEqual([
      'rate',
      'baseline',
      'rate',
      'baseline',
      'trend',
      'trend',
    ])
  })

  it('gives value, limit and unit as numbers, which the result file keeps', async () => {
    const { scenarios, checks, exitCode } = await runSteady({
      durationMs: 200,
      plugins: [comparesWithLastWeek({ steady: { p99Ns: 1 } })],
    })
    const value = scenarios[0]!.phases.at(-1)!.flows[0]!.total.response.percentile(99)
    expect(scenarios[0]!.checks).toMatchObject([{ status: 'failed', value, limit: 1, unit: 'ns' }])
    expect(checks.at(-1)).toMatchObject({ status: 'passed', value: 0, limit: 0, unit: 'count' })
    expect(exitCode).toBe(1)
  })

  it('fails the scenario with a check that failed', async () => {
    const { scenarios, exitCode } = await runSteady({
      durationMs: 200,
      plugins: [evaluating('compare', (_, checks) => void checks.push(added('baseline', 'failed')))],
    })
    expect(scenarios[0]!.reason).toBe('failed')
    expect(exitCode).toBe(1)
  })

  it('cannot take a failed check away or replace it', async () => {
    const { scenarios, exitCode } = await runSteady({
      durationMs: 200,
      checks: { rate: '> 1G/s' },
      plugins: [
        {
          name: 'whitewash',
          hooks: {
            'scenario:evaluate': (_, checks) => void checks.splice(0, 1, added('rate', 'passed')),
            'run:evaluate': (_, checks) => void checks.splice(0),
          },
        },
      ],
    })
    expect(scenarios[0]!.checks.map(({ status }) => status)).toEqual(['failed', 'passed'])
    expect(exitCode).toBe(1)
  })

  it('cannot change a failed check: the attempt makes the scenario errored', async () => {
    const { scenarios, exitCode } = await runSteady({
      durationMs: 200,
      checks: { rate: '> 1G/s' },
      plugins: [evaluating('whitewash', (_, checks) => void Object.assign(checks[0]!, { status: 'passed' }))],
    })
    expect(scenarios[0]!.checks.map(({ status }) => status)).toEqual(['failed'])
    expect(scenarios[0]!.errors).toMatchObject([{ during: 'scenario:evaluate' }])
    expect(exitCode).toBe(2)
  })

  it('that throws makes the scenario errored, with its name', async () => {
    const { scenarios, exitCode } = await runSteady({
      durationMs: 200,
      plugins: [
        evaluating('broken', () => {
          throw new Error('no baseline')
        }),
      ],
    })
    expect(scenarios[0]!.errors).toMatchObject([
      { during: 'scenario:evaluate', message: '[broken] scenario:evaluate: no baseline', scenario: 'steady' },
    ])
    expect(exitCode).toBe(2)
  })
})
