import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { load, refusal } from './project.ts'

const files = {
  'config/scenarios/a.yaml': 'target: http\ntags: [nightly, slow, nightly]',
  'config/scenarios/b.yaml': 'target: http\ntags: [nightly]',
  'config/scenarios/c.yaml': 'target: http',
}

it('gives a plan its tags, each once', async () => {
  const plan = makePlan(await load({ files }))
  expect(plan.scenarios.map(({ id, tags }) => [id, tags])).toEqual([
    ['a', ['nightly', 'slow']],
    ['b', ['nightly']],
    ['c', []],
  ])
})

it('selects the scenarios that have any of the tags, of those that are named', async () => {
  expect((await load({ files, tags: ['nightly'] })).selected).toEqual(['a', 'b'])
  expect((await load({ files, tags: ['slow'] })).selected).toEqual(['a'])
  expect((await load({ files, tags: ['slow', 'nightly'] })).selected).toEqual(['a', 'b'])
  expect((await load({ files, tags: ['nightly'], scenarios: ['c', 'b'] })).selected).toEqual(['b'])
})

it('sees tags of every layer, including built-in scenarios', async () => {
  const set = ['scenarios.c.tags=[late]', 'scenarios.http-json-api.tags=[late]']
  expect((await load({ files, set, tags: ['late'] })).selected).toEqual(['http-json-api', 'c'])
})

it('refuses a tag that no scenario has, and names without the tag', async () => {
  expect(await refusal(() => load({ files, tags: ['nigtly'] }))).toBe(
    [
      'CB_USAGE: no scenario has the tag nigtly',
      '  expected: one of nightly, slow',
      '  next: did you mean nightly?',
    ].join('\n'),
  )
  expect(await refusal(() => load({ tags: ['nightly'] }))).toContain('expected: a scenario with tags')
  expect(await refusal(() => load({ files, tags: ['slow'], scenarios: ['b', 'c'] }))).toBe(
    [
      'CB_USAGE: none of the named scenarios has the tag slow',
      '  expected: b: nightly; c: no tags',
      '  next: use --tag alone, for every scenario that has it',
    ].join('\n'),
  )
})

it('leaves invalid tags to the check of the configuration', async () => {
  const refused = { 'config/scenarios/a.yaml': 'target: http\ntags: nightly' }
  expect(await refusal(() => load({ files: refused }))).toContain('is "nightly"\n  expected: a list')
})
