import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { load, loadTree, refusal } from './project.ts'

const tree = (scenario: object, target: object = {}) => ({
  targets: { cache: { driver: 'redis', ...target } },
  scenarios: { lanes: { target: 'cache', ...scenario } },
})

it.each([
  [undefined, undefined],
  ['all', 'all'],
  [
    ['wire', 'ioredis', 'wire'],
    ['wire', 'ioredis'],
  ],
])('a plan has the clients that are compared, each once: %j', async (written, planned) => {
  const { scenarios } = makePlan(await loadTree(tree({ clients: written })))
  expect(scenarios[0]!.clients).toEqual(planned)
})

it('takes them from the command line', async () => {
  const config = await loadTree(tree({}), { set: ['scenarios.lanes.clients=[wire, ioredis]'] })
  expect(makePlan(config).scenarios[0]!.clients).toEqual(['wire', 'ioredis'])
})

it('refuses a client that is said twice, with the place', async () => {
  const config = await loadTree(tree({ clients: 'all' }, { options: { client: 'ioredis' } }))
  expect(await refusal(() => makePlan(config))).toMatch(
    /^CB_CONFIG: scenarios\.lanes\.clients \(.*\): flow main already has the option client: "ioredis"\n {2}next: remove/,
  )
})

it.each(['some', '[]', '[1]', '[""]'])('refuses clients=%s', async (value) => {
  expect(await refusal(() => loadTree(tree({}), { set: [`scenarios.lanes.clients=${value}`] }))).toContain(
    'scenarios.lanes.clients',
  )
})

it('a built-in scenario may run only where it is named', async () => {
  const onlyNamed = ['redis-read-heavy']
  expect((await load({ onlyNamed })).selected).toEqual(['http-json-api'])
  expect((await load({ onlyNamed, scenarios: ['redis*'] })).selected).toEqual(['redis-read-heavy'])
  const files = { 'config/scenarios/redis-read-heavy.yaml': 'rate: 5/s' }
  expect((await load({ onlyNamed, files })).selected).toEqual(['redis-read-heavy'])
})
