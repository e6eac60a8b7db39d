import { describe, expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import type { ScenarioPlan } from '../../src/config/plan.ts'
import { loadTree, refusal, shown } from './project.ts'

const target = { target: 'http://a:1', driver: 'http' }

async function planOf(scenario: object, defaults: object = {}): Promise<ScenarioPlan> {
  const config = await loadTree({ defaults, scenarios: { s: { ...target, ...scenario } } })
  return makePlan(config).scenarios[0]!
}
const all = ({ checks, alerts }: ScenarioPlan): string[] => [
  ...checks.map(({ name, expected }) => `${name} ${expected}`),
  ...alerts.map(({ kind, scoped, expression }) => `${kind}.${scoped.name} ${expression}`),
]

const consistency = [
  'errors.rate < 1%',
  'rate >= 850/s',
  'latency.p99 <= 120ms',
  'residency >= 92%',
  'reuse >= 42',
  'alerts.rate < 850/s for 3m',
  'alerts.latency.p99 > 200ms across zones',
  'alerts.residency falling',
]

describe('the preset consistency', () => {
  it('is four checks, and an alert for three of them, in an open and in a closed loop', async () => {
    expect(all(await planOf({ checks: { preset: 'consistency' } }))).toEqual(consistency)
    expect(all(await planOf({ rate: '9/s', checks: { preset: 'consistency' } }))).toEqual(consistency)
    const { checks, alerts } = await planOf({ checks: { preset: 'consistency' } })
    expect(checks.filter(({ isOfPreset }) => isOfPreset)).toHaveLength(4)
    expect(alerts.every(({ isOfPreset }) => isOfPreset)).toBe(true)
  })

  it('gives way to whatever is written beside it, each value by itself', async () => {
    const scenario = {
      checks: { preset: 'consistency', rate: '>= 100/s', reuse: 'off' },
      alerts: { rate: '< 100/s for 1m', residency: 'off' },
    }
    const plan = await planOf(scenario)
    expect(all(plan)).toEqual([
      'errors.rate < 1%',
      'rate >= 100/s',
      'latency.p99 <= 120ms',
      'residency >= 92%',
      'alerts.rate < 100/s for 1m',
      'alerts.latency.p99 > 200ms across zones',
    ])
    expect(plan.checks.find(({ name }) => name === 'rate')).not.toHaveProperty('isOfPreset')
  })

  it('may be in the defaults, as what it gives way to may be, and a scenario may do without', async () => {
    const defaults = { checks: { preset: 'consistency', reuse: '>= 10' }, alerts: { rate: 'off' } }
    expect(all(await planOf({}, defaults))).toEqual([
      'errors.rate < 1%',
      'reuse >= 10',
      'rate >= 850/s',
      'latency.p99 <= 120ms',
      'residency >= 92%',
      'alerts.latency.p99 > 200ms across zones',
      'alerts.residency falling',
    ])
    expect(all(await planOf({ checks: { preset: 'off' } }, defaults))).toEqual([
      'errors.rate < 1%',
      'reuse >= 10',
    ])
  })

  it('is the origin of its values, and can be set by a flag', async () => {
    const set = ['scenarios.s.checks.preset=consistency', 'scenarios.s.checks.rate=>= 5/s']
    const config = await loadTree({ scenarios: { s: target } }, { set })
    expect(shown(config, 'scenarios.s.checks.preset')).toBe('consistency (--set)')
    expect(shown(config, 'scenarios.s.checks.rate')).toBe('>= 5/s (--set)')
    expect(shown(config, 'scenarios.s.checks.reuse')).toBe('>= 42 (preset consistency)')
    expect(shown(config, 'scenarios.s.alerts.residency')).toBe('falling (preset consistency)')
  })

  it('is suggested for what was mistyped', async () => {
    expect(await refusal(() => planOf({ checks: { preset: 'consistancy' } }))).toMatch(
      /^CB_CONFIG: scenarios\.s\.checks\.preset \(cloudbench\.config\.json:1:\d+\): there is no preset consistancy\n {2}next: did you mean consistency\?$/,
    )
    expect(await refusal(() => planOf({ checks: { preset: 'constructor' } }))).toContain(
      'available: consistency, off',
    )
  })

  it('belongs to a scenario, not to a flow', async () => {
    const flows = { a: { ...target, checks: { preset: 'consistency' } } }
    expect(await refusal(() => loadTree({ scenarios: { s: { flows } } }).then(makePlan))).toContain(
      'preset is not a metric',
    )
  })
})

describe('alerts and aborts', () => {
  it('come from the defaults and the scenario, which wins', async () => {
    const defaults = { alerts: { rate: '< 5/s for 1m' }, abort: { 'errors.rate': '> 20% for 10s' } }
    expect(all(await planOf({ alerts: { unsent: '> 5' } }, defaults))).toEqual([
      'errors.rate < 1%',
      'alerts.rate < 5/s for 1m',
      'alerts.unsent > 5',
      'abort.errors.rate > 20% for 10s',
    ])
    expect(all(await planOf({ abort: { 'errors.rate': 'off' } }, { abort: defaults.abort }))).toEqual([
      'errors.rate < 1%',
    ])
  })

  it('are refused with their place', async () => {
    expect(await refusal(() => planOf({ abort: { 'errors.rate': '> 20%' } }))).toMatch(
      /^CB_CHECK: scenarios\.s\.abort\["errors\.rate"\] \(cloudbench\.config\.json:1:\d+\): errors\.rate: > 20% does not say for how long\n/,
    )
    expect(await refusal(() => planOf({ alerts: { 'response.p99': '> 5ms' } }))).toContain(
      'a closed loop has no due times\n  next: use service.p99',
    )
    expect(await refusal(() => planOf({ alert: {} }))).toContain('did you mean alerts?')
  })

  it('know the zone of a target', async () => {
    const targets = { api: { driver: 'http', url: 'http://a:1', zone: 'eu-west-1a' } }
    const config = await loadTree({ targets, scenarios: { s: { target: 'api' } } })
    expect(makePlan(config).scenarios[0]!.flows[0]!.target.zone).toBe('eu-west-1a')
  })
})
