import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { load, loadTree, refusal } from './project.ts'

it('runs every built-in scenario where the project has none of its own', async () => {
  expect((await load()).selected).toEqual(['http-json-api', 'redis-read-heavy'])
  const files = { 'config/baseline/ci.yaml': 'scenarios: { http-json-api: { rate: 5 } }' }
  expect((await load({ files, baselines: ['ci'] })).selected).toHaveLength(2)
})

it('runs the scenarios that the project names', async () => {
  const files = {
    'config/scenarios/mine.yaml': 'target: http',
    'config/scenarios/http-json-api.yaml': 'rate: 5',
  }
  expect((await load({ files })).selected).toEqual(['http-json-api', 'mine'])
})

it('takes names and globs, each scenario once', async () => {
  expect((await load({ scenarios: ['redis-read-heavy', '*'] })).selected).toEqual([
    'redis-read-heavy',
    'http-json-api',
  ])
  expect((await load({ scenarios: ['http-*'] })).selected).toEqual(['http-json-api'])
  expect((await load({ scenarios: ['????-json-api'] })).selected).toEqual(['http-json-api'])
})

it('refuses names and globs that match nothing', async () => {
  expect(await refusal(() => load({ scenarios: ['redis-read-hevy'] }))).toBe(
    [
      'CB_USAGE: there is no scenario redis-read-hevy',
      '  expected: available: http-json-api, redis-read-heavy',
      '  next: did you mean redis-read-heavy?',
    ].join('\n'),
  )
  expect(await refusal(() => load({ scenarios: ['pg-*'] }))).toContain('CB_USAGE: no scenario matches pg-*')
  expect(await refusal(() => loadTree({}, { scenarios: ['a'] }))).toContain('expected: there is no scenario')
})

it('refuses to plan a run without scenarios', async () => {
  const config = await loadTree({})
  expect(await refusal(() => makePlan(config))).toContain(
    'CB_USAGE: there is no scenario to run\n  next: run cloudbench init',
  )
})
