import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateChecks, parseCheck } from '../../src/checks/checks.ts'
import { emptyMetrics } from '../../src/metrics/metrics.ts'
import type { CheckResult, PhaseResult } from '../../src/plugin/model.ts'
import { flow, operation, phase, times } from '../metrics/measured.ts'

const hundred = Array.from({ length: 100 }, (_, at) => at + 1)

/** `status: actual` of one check. */
function judged(name: string, expression: string, phases: readonly PhaseResult[]): string {
  const [result] = evaluateChecks([parseCheck(name, expression)], phases, 's')
  expect(result).toMatchObject({ name, expected: expression, scenario: 's' })
  return `${result!.status}: ${result!.actual}`
}

describe('evaluating a check', () => {
  const phases = [phase([flow('main', { get: operation(hundred) })], 10_000)]

  it('compares what was measured with every condition', () => {
    expect(judged('response.p50', '<= 51ms', phases)).toBe('passed: 50.0 ms')
    expect(judged('response.p99', '< 25ms', phases)).toBe('failed: 99.0 ms')
    expect(judged('response.p90', '>= 90ms, < 91ms', phases)).toBe('passed: 90.0 ms')
    expect(judged('response.p90', '>= 90ms, < 90ms', phases)).toMatch(/^failed: 90\.0/)
    expect(judged('rate', '== 10/s', phases)).toBe('passed: 10/s')
    expect(judged('rate', '> 10/s', phases)).toMatch(/^failed: 10/)
    expect(judged('errors.rate', '<= 0%', phases)).toBe('passed: 0 %')
  })

  it('has value, limit and unit as numbers too: of the condition that broke, else of the first', () => {
    const numbers = (name: string, expression: string): object => {
      const [{ value, limit, unit }] = evaluateChecks([parseCheck(name, expression)], phases, 's') as [
        CheckResult,
      ]
      return { value, limit, unit }
    }
    expect(numbers('rate', '>= 5/s, < 8/s')).toEqual({ value: 10, limit: 8, unit: 'perSecond' })
    expect(numbers('rate', '>= 5/s, < 80/s')).toEqual({ value: 10, limit: 5, unit: 'perSecond' })
    expect(numbers('errors.rate', '<= 1%')).toEqual({ value: 0, limit: 0.01, unit: 'share' })
    expect(numbers('response.max', '< 25ms')).toEqual({ value: 100e6, limit: 25e6, unit: 'ns' })
    expect(numbers('counters.lost', '< 5')).toEqual({ value: undefined, limit: 5, unit: 'count' })
  })

  it('shows more digits where the rounded value would look as if it held', () => {
    const just = [phase([flow('main', { get: operation([1], { response: times([25.004_096]) }) })], 1000)]
    expect(judged('response.mean', '< 25ms', just)).toBe('failed: 25.0040960 ms')
  })

  it('covers all measured phases together, and no warm-up', () => {
    const all = [
      phase([flow('main', { get: operation([1000, 1000]) })], 1000, 'warmup'),
      phase([flow('main', { get: operation([1, 2]) })], 1000),
      phase([flow('main', { get: operation([3, 4, 5, 6]) })], 2000),
    ]
    expect(judged('requests', '== 6', all)).toBe('passed: 6')
    expect(judged('rate', '== 2/s', all)).toBe('passed: 2/s')
    expect(judged('response.max', '== 6ms', all)).toBe('passed: 6.00 ms')
    expect(judged('response.p50', '< 4ms', all)).toMatch(/^passed/)
  })

  it('is skipped where nothing was measured', () => {
    expect(judged('rate', '> 1/s', [])).toBe('skipped: the measurement did not begin')
    expect(judged('rate', '> 1/s', [phase([], 10, 'warmup')])).toMatch(/^skipped/)
  })

  it('fails without samples, whatever the condition', () => {
    const nothing = [phase([flow('main', { get: emptyMetrics })], 1000)]
    expect(judged('response.p99', '< 25ms', nothing)).toBe('failed: no response time was recorded')
    for (const [name, expression] of [
      ['rate', '< 5/s'],
      ['requests', '== 0'],
      ['errors.rate', '< 1%'],
      ['errors.count', '== 0'],
      ['unsent', '== 0'],
      ['timeouts', '== 0'],
    ] as const)
      expect(judged(name, expression, nothing)).toBe('failed: there were no requests')
    expect(judged('connections.refused', '== 0', nothing)).toBe('failed: there were no connections')
    expect(judged('reuse', '> 1', nothing)).toBe('failed: there were no connections')
    expect(judged('bytes.sent', '> 1B/s', nothing)).toBe('failed: no bytes were counted')
  })

  it('takes what none of the requests had for 0, not for unknown', () => {
    expect(judged('outcomes.503.rate', '< 1%', phases)).toBe('passed: 0 %')
    expect(judged('outcomes.503.rate', '> 0%', phases)).toBe('failed: 0 %')
    expect(judged('outcomes.ECONNRESET.count', '< 5', phases)).toBe('passed: 0')
    expect(judged('failures.p99', '< 1s', phases)).toBe('passed: 0 ms')
    expect(judged('failures.p99', '> 0ms', phases)).toBe('failed: 0 ms')
    // without requests there is nothing to take a share of
    const nothing = [phase([flow('main', { get: emptyMetrics })], 1000)]
    expect(judged('outcomes.503.rate', '< 1%', nothing)).toBe('failed: there were no requests')
    expect(judged('failures.p99', '< 1s', nothing)).toBe('failed: no failure was recorded')
  })

  it('says what the server said when too many requests failed', () => {
    const outcomes = {
      ok: { count: 1, ok: true },
      '404': { count: 1, ok: false },
      '503': { count: 3, ok: false, example: '503 Service Unavailable: try later' },
    }
    const get = operation([1], { scheduled: 5, sent: 5, ok: 1, failed: 4, outcomes })
    expect(judged('errors.rate', '< 1%', [phase([flow('main', { get })], 1000)])).toBe(
      'failed: 80 %, mostly 503: 503 Service Unavailable: try later',
    )
  })

  it('says how many answers came too late to count in a rate', () => {
    const get = operation([1], { scheduled: 100, sent: 100, ok: 100, lateShare: 5 })
    const late = [phase([flow('main', { get })], 1000)]
    expect(judged('rate', '>= 100/s', late)).toBe(
      'failed: 95/s, without 5 answered after the end of the schedule',
    )
    expect(judged('rate', '>= 95/s', late)).toBe('passed: 95/s')
  })

  it('lists what there was instead of what is missing', () => {
    const one = [
      phase(
        [flow('main', { get: operation([1]) }, { counters: { retries: 1 }, recorders: { e2e: times([1]) } })],
        1000,
      ),
    ]
    expect(judged('put/rate', '> 1/s', one)).toBe(
      'failed: there was no flow or operation put; available: main, get',
    )
    expect(judged('main/put/rate', '> 1/s', one)).toBe('failed: there was no operation put; available: get')
    expect(judged('other/get/rate', '> 1/s', one)).toBe('failed: there was no flow other; available: main')
    expect(judged('counters.hits', '> 1', one)).toBe('failed: there was no counter hits; available: retries')
    expect(judged('recorders.lag.p99', '< 1ms', one)).toBe(
      'failed: there was no recorder lag; available: e2e',
    )
    expect(judged('residency', '> 1%', one)).toBe(
      'failed: there was no counter cache.hits; available: retries',
    )
    expect(judged('get/counters.retries', '> 1', one)).toContain('is measured per flow, not per operation')
  })

  it('fails an upper limit for a quantile beyond the range of the histogram', () => {
    const beyond = [phase([flow('main', { get: operation([...hundred.slice(1), 3_600_000]) })], 1000)]
    expect(judged('response.p99', '< 2h', beyond)).toMatch(/^passed/)
    expect(judged('response.p100', '< 2h', beyond)).toBe('failed: beyond 18 minutes')
    expect(judged('response.p100', '> 10m', beyond)).toBe('passed: beyond 18 minutes')
  })

  it('agrees with the comparison of the numbers themselves', () => {
    const compare = { '<': (a: number, b: number) => a < b, '>=': (a: number, b: number) => a >= b }
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.integer({ min: 1, max: 2000 }),
        fc.constantFrom('<', '>='),
        (us, limit, operator) => {
          const measured = [phase([flow('main', { get: operation([us / 1000]) })], 1000)]
          const status = judged('response.max', `${operator} ${limit}us`, measured).split(':')[0]
          expect(status).toBe(compare[operator as '<'](us, limit) ? 'passed' : 'failed')
        },
      ),
    )
  })
})
