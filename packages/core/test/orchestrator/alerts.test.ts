import { describe, expect, it } from 'vitest'
import { parseAlert, type Alert } from '../../src/checks/alert.ts'
import { sumFlowLists } from '../../src/metrics/metrics.ts'
import { Alerts } from '../../src/orchestrator/alerts.ts'
import type { Facts } from '../../src/plugin/facts.ts'
import type { Flow, Interval, Scenario, Target } from '../../src/plugin/model.ts'
import { flowOf, intervalsOf, phaseOf, phaseResultOf, times, type Stretch } from '../support/intervals.ts'

const given: Target = { name: 'redis', url: 'redis://a', origin: 'given' }
const flowTo = (name: string, target: Target): Flow => ({ name, driver: 'redis', workload: 'w', target })

interface Given {
  readonly alerts: Readonly<Record<string, string>>
  readonly kind?: Alert['kind']
  readonly isOfPreset?: boolean
  readonly flows?: readonly Flow[]
  readonly facts?: Readonly<Record<string, Facts>>
}

function alertsOf({ alerts, kind = 'alerts', isOfPreset = true, flows, facts = {} }: Given): Alerts {
  const scenario = { id: 's', flows: flows ?? [flowTo('main', given)] } as unknown as Scenario
  const parsed = Object.entries(alerts).map(([name, text]) => parseAlert({ kind, isOfPreset }, name, text))
  return new Alerts(parsed, scenario, facts)
}

/** `status: actual` of each alert, after these intervals. */
function judged(given_: Given, intervals: readonly Interval[]): string[] {
  const alerts = alertsOf(given_)
  for (const interval of intervals) alerts.add(interval)
  const flows = sumFlowLists(intervals.map((interval) => interval.flows))
  return alerts
    .results([phaseResultOf(intervals, flows)], undefined)
    .map(({ status, actual }) => `${status}: ${actual}`)
}

const one = (given_: Given, stretches: readonly Stretch[]): string =>
  judged(given_, intervalsOf(stretches)).join()

describe('throughput that is low for three minutes', () => {
  const low = { alerts: { rate: '< 850/s for 3m' } }
  it('fires', () => {
    const stretches = [...times(60, { ok: 1000 }), ...times(180, { ok: 800 }), ...times(30, { ok: 1000 })]
    expect(one(low, stretches)).toBe('failed: 800/s after 3m 58s')
  })

  it('does not fire where it is low for two minutes', () => {
    const stretches = [...times(60, { ok: 1000 }), ...times(120, { ok: 500 }), ...times(60, { ok: 900 })]
    expect(one(low, stretches)).toBe('passed: 900/s')
  })

  it('is skipped in a shorter run', () => {
    expect(one(low, times(30, { ok: 1 }))).toBe('skipped: 30 s are too short for that')
  })

  it('does not look at the warm-up', () => {
    const warmup = intervalsOf(times(300, { ok: 1 }), phaseOf(300_000, 'warmup'))
    const alerts = alertsOf(low)
    for (const interval of [...warmup, ...intervalsOf(times(200, { ok: 900 }))]) alerts.add(interval)
    expect(alerts.results([], undefined)[0]).toMatchObject({ status: 'passed', value: 900, limit: 850 })
  })
})

describe('residency that falls', () => {
  const falling = { alerts: { residency: 'falling' } }
  const residencies = (of: (at: number) => number, count = 60): Stretch[] =>
    Array.from({ length: count }, (_, at) => ({ ok: 10, residency: of(at) }))

  it('fires', () => {
    expect(
      one(
        falling,
        residencies((at) => 0.99 - at * 0.001 + (at % 2) * 0.01),
      ),
    ).toBe('failed: 98.6 % in the first third, 94.5 % in the last')
  })

  it('does not fire where it rises, or moves to and fro', () => {
    expect(
      one(
        falling,
        residencies((at) => 0.9 + at * 0.001),
      ),
    ).toMatch(/^passed/)
    expect(
      one(
        falling,
        residencies((at) => 0.9 + (at % 7) * 0.01),
      ),
    ).toMatch(/^passed/)
  })

  it('is skipped where the server counts no look-ups, and in a run of few intervals', () => {
    expect(one(falling, times(60, { ok: 10 }))).toBe(
      'skipped: there was no counter cache.hits; none are available',
    )
    expect(
      one(
        falling,
        residencies((at) => 0.9 - at * 0.01, 8),
      ),
    ).toBe('skipped: a trend takes 12 values, there were 8')
    expect(judged(falling, intervalsOf([{ spanMs: 10, ok: 1, residency: 1 }]))).toEqual([
      'skipped: a trend takes 12 values, there were 1',
    ])
  })
})

describe('latency on calls across zones', () => {
  const alerts = { 'latency.p99': '> 200ms across zones' }
  const facts = { imds: { 'cloud.zone': 'eu-west-1a' } }
  const across = [flowTo('main', { ...given, zone: 'eu-west-1b' })]
  const slow = times(5, { ok: 100, tookMs: 300 })

  it('fires', () => {
    expect(one({ alerts, facts, flows: across }, slow)).toBe('failed: 300 ms')
  })

  it('does not fire where it is lower', () => {
    expect(one({ alerts, facts, flows: across }, times(5, { ok: 100, tookMs: 150 }))).toBe('passed: 150 ms')
  })

  it('is skipped within a zone, and where a zone is not known', () => {
    const within = [flowTo('main', { ...given, zone: 'eu-west-1a' })]
    expect(one({ alerts, facts, flows: within }, slow)).toBe(
      'skipped: the target is in eu-west-1a, as this machine is',
    )
    expect(one({ alerts, facts }, slow)).toBe('skipped: set targets.redis.zone to the zone of that target')
    expect(one({ alerts, flows: across }, slow)).toBe(
      'skipped: the zone of this machine is not known: no environment found cloud.zone',
    )
    const here = [flowTo('main', { ...given, origin: 'started' })]
    expect(one({ alerts, facts, flows: here }, slow)).toBe('skipped: the target is on this machine')
  })

  it('counts the flows across zones alone', () => {
    const flows = [...across, flowTo('near', { ...given, zone: 'eu-west-1a' })]
    const near = flowOf({ flow: 'near', ok: 100, tookMs: 900 })
    const intervals = intervalsOf(times(5, { ok: 100, tookMs: 100 })).map((interval) => ({
      ...interval,
      flows: [...interval.flows, near],
    }))
    expect(judged({ alerts, facts, flows }, intervals)).toEqual(['passed: 100 ms'])
    expect(judged({ alerts: { 'latency.p99': '> 200ms' }, facts, flows }, intervals)).toEqual([
      'failed: 900 ms',
    ])
    const lasting = { 'latency.p99': '> 200ms for 3s across zones' }
    expect(judged({ alerts: lasting, facts, flows }, intervals)).toEqual(['passed: 100 ms'])
  })
})

describe('an abort', () => {
  const bad: Stretch = { ok: 6, failed: 4 }
  const abort = { kind: 'abort', isOfPreset: false, alerts: { 'errors.rate': '> 20% for 10s' } } as const

  it('ends the scenario as soon as it has lasted, and says so', () => {
    const alerts = alertsOf(abort)
    const ended = intervalsOf(times(12, bad)).map((interval) => {
      alerts.add(interval)
      return alerts.aborted.aborted
    })
    expect(ended.indexOf(true)).toBe(9)
    expect(alerts.ending).toBe('after 10 s: errors.rate 40 % > 20 % for 10 s')
    expect(alerts.results([], 'the scenario was aborted')).toEqual([
      {
        name: 'abort.errors.rate',
        scenario: 's',
        status: 'failed',
        expected: 'not > 20% for 10s',
        actual: '40 % after 10 s',
        value: 0.4,
        limit: 0.2,
        unit: 'share',
      },
    ])
  })

  it('counts the warm-up', () => {
    const alerts = alertsOf(abort)
    const warmup = intervalsOf(times(5, bad), phaseOf(5_000, 'warmup'))
    for (const interval of [...warmup, ...intervalsOf(times(5, bad))]) alerts.add(interval)
    expect(alerts.ending).toContain('after 10 s')
  })

  it('is a check that passed where it does not happen', () => {
    const alerts = alertsOf(abort)
    for (const interval of intervalsOf(times(12, { ok: 9, failed: 1 }))) alerts.add(interval)
    expect(alerts.ending).toBeUndefined()
    expect(alerts.results([], undefined)).toMatchObject([{ status: 'passed', actual: '10 %', value: 0.1 }])
  })

  it('names all conditions that were met at once; others cannot be judged any more', () => {
    const alerts = alertsOf({
      ...abort,
      alerts: { ...abort.alerts, rate: '< 8/s for 10s', timeouts: '> 5 for 10s' },
    })
    for (const interval of intervalsOf(times(10, { ok: 3, failed: 4 }))) alerts.add(interval)
    expect(alerts.ending).toBe('after 10 s: errors.rate 57.1 % > 20 % for 10 s, and rate 7/s < 8/s for 10 s')
    expect(alerts.results([], 'the scenario was aborted').map(({ status }) => status)).toEqual([
      'failed',
      'failed',
      'skipped',
    ])
  })

  it('that never had a value fails, since it may be misspelt', () => {
    const misspelt = { ...abort, alerts: { 'counters.retrys': '> 5 for 3s' } }
    expect(one(misspelt, times(5, { ok: 1 }))).toBe('failed: there was no counter retrys; none are available')
  })
})
