import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { loadTree, refusal } from './project.ts'

const open = { target: 'http://a:1', driver: 'http', rate: 5 }
const closed = { target: 'http://a:1', driver: 'http' }

async function checks(scenario: object, defaults: object = {}): Promise<string[]> {
  const plan = makePlan(await loadTree({ defaults, scenarios: { s: scenario } }))
  return plan.scenarios[0]!.checks.map(({ name, expected }) => `${name} ${expected}`)
}
const refused = (scenario: object, defaults?: object) => refusal(() => checks(scenario, defaults))

it('collects the checks of defaults, scenario and flows', async () => {
  const scenario = {
    flows: { a: { ...open, checks: { 'response.p99': '< 5ms' } }, b: open },
    checks: { rate: '>= 9/s', 'errors.rate': '< 1%' },
  }
  expect(await checks(scenario, { checks: { 'errors.rate': '< 5%', unsent: '== 0' } })).toEqual([
    'errors.rate < 1%',
    'unsent == 0',
    'rate >= 9/s',
    'a/response.p99 < 5ms',
  ])
})

it('checks the share of errors unless something is said about errors, or it is removed', async () => {
  expect(await checks(open)).toEqual(['errors.rate < 1%'])
  expect(await checks({ ...open, checks: { rate: '> 1/s' } })).toEqual(['errors.rate < 1%', 'rate > 1/s'])
  expect(await checks({ ...open, checks: { 'errors.count': '< 5' } })).toEqual(['errors.count < 5'])
  expect(await checks({ flows: { a: { ...open, checks: { 'errors.rate': '< 9%' } } } })).toEqual([
    'a/errors.rate < 9%',
  ])
  expect(await checks(open, { checks: { 'errors.rate': '< 5%' } })).toEqual(['errors.rate < 5%'])
  expect(await checks({ ...open, checks: { 'errors.rate': 'off' } })).toEqual([])
  expect(await checks(open, { checks: { 'errors.rate': 'off' } })).toEqual([])
})

it('says where an invalid check was written', async () => {
  expect(await refused({ ...open, checks: { 'respons.p99': '< 5ms' } })).toMatch(
    /^CB_CHECK: scenarios\.s\.checks\["respons\.p99"\] \(cloudbench\.config\.json:1:\d+\): respons\.p99 is not a metric\n(.*\n)* {2}next: did you mean response\.p99\?$/,
  )
  expect(await refused(closed, { checks: { 'response.p99': '< 5ms' } })).toContain(
    'defaults.checks["response.p99"]',
  )
  expect(await refused({ flows: { a: { ...open, checks: { 'response.p99': '< 5' } } } })).toContain(
    'write < 5ms',
  )
})

it('refuses response times of a closed loop', async () => {
  expect(await refused({ ...closed, checks: { 'response.p99': '< 5ms' } })).toContain(
    'response.p99: a closed loop has no due times\n  next: use service.p99, or give the flow a rate',
  )
  const phases = [
    { name: 'w', kind: 'warmup', duration: '1s', rate: 5 },
    { name: 'm', duration: '1s' },
  ]
  expect(await refused({ ...closed, phases, checks: { 'lag.p99': '< 5ms' } })).toContain(
    'a closed loop has no due times',
  )
  expect(
    await checks({
      ...closed,
      phases: [{ name: 'm', duration: '1s', rate: 5 }],
      checks: { 'lag.p99': '< 5ms' },
    }),
  ).toContain('lag.p99 < 5ms')
})

it('refuses two checks under one name', async () => {
  const scenario = { flows: { a: { ...open, checks: { rate: '> 1/s' } } }, checks: { 'a/rate': '> 2/s' } }
  expect(await refused(scenario)).toContain('a/rate is checked twice, here and as scenarios.s.checks.a/rate')
})
