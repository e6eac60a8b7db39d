import { describe, expect, test } from 'vitest'
import { parseScopedMetric } from '../../src/checks/scope.ts'
import { Histogram } from '../../src/metrics/histogram.ts'
import { judge } from '../../src/verdict/judge.ts'
import { times } from '../metrics/measured.ts'
import { closedLoop, hiccups, madeUp, type MadeUp } from './made-up.ts'
import { numberIn, reasonIn, signalIn } from './simulated.ts'

describe('what the machine says', () => {
  test('reaches the quantiles beyond which as many requests lie, and makes them suspect at most', () => {
    const judgement = judge(madeUp({ gauges: { 'cpu.stealShare': 0.08 } }))
    expect(numberIn(judgement, 'response.p50').validity).toBe('valid')
    expect(numberIn(judgement, 'response.p90').validity).toBe('valid')
    for (const metric of ['response.p95', 'response.p99', 'response.mean', 'response.max'])
      expect(numberIn(judgement, metric), metric).toMatchObject({ validity: 'suspect', codes: ['CPU_STEAL'] })
    expect(judgement.verdict.validity).toBe('suspect')
    expect(reasonIn(judgement, 'CPU_STEAL')).toMatchObject({ validity: 'suspect', threshold: 0.01 })
  })

  test('leaves a run valid where it only reaches what lies beyond p99', () => {
    const judgement = judge(madeUp({ generator: { gcMaxMs: 4 } }))
    expect(numberIn(judgement, 'response.max')).toMatchObject({ validity: 'suspect', codes: ['GC'] })
    expect(judgement.verdict.validity).toBe('valid')
    expect(judgement.verdict.reasons.map(({ code }) => code)).toEqual(['GC'])
  })

  test('leaves the rate of an open loop alone, and not that of a closed one', () => {
    const gauges = { 'cpu.stealShare': 0.08 }
    expect(numberIn(judge(madeUp({ gauges })), 'rate').validity).toBe('valid')
    expect(numberIn(judge(madeUp({ gauges, load: closedLoop })), 'rate').validity).toBe('suspect')
  })

  test('is the wait of the load thread itself, where that is known and the target is elsewhere', () => {
    const counters = { 'cpu.stalledMs': 600 }
    const gauges = { 'worker.runDelayShare': 0.002 }
    const p50 = (made: MadeUp) => numberIn(judge(madeUp({ counters, ...made })), 'response.p50').validity
    expect(p50({})).toBe('suspect')
    expect(p50({ gauges })).toBe('valid')
    expect(p50({ gauges, origin: 'loopback' })).toBe('suspect')
  })

  test('names the time at which it was worst', () => {
    const judgement = judge(madeUp({ gauges: { 'cpu.stealShare': (second) => (second === 7 ? 0.9 : 0) } }))
    expect(reasonIn(judgement, 'CPU_STEAL').window).toEqual({ phase: 'measure', startMs: 7000, endMs: 8000 })
  })

  test('marks the run where the machine itself changed', () => {
    const judgement = judge(madeUp({ counters: { 'memory.balloonInflatedBytes': 1e7 } }))
    expect(judgement.verdict.validity).toBe('suspect')
    expect(reasonIn(judgement, 'BALLOON').text).toBe('a balloon took 10 % of the memory')
    expect(numberIn(judgement, 'response.p50').validity).toBe('suspect')
    expect(numberIn(judgement, 'rate').validity).toBe('valid')
  })

  test('means nothing to the numbers where only the wall clock is concerned', () => {
    const judgement = judge(madeUp({ gauges: { 'clock.driftPpm': 400 } }))
    expect(judgement.verdict).toMatchObject({ validity: 'valid', reasons: [] })
  })
})

describe('what the load thread measured of itself', () => {
  test('decides, quantile by quantile, what is invalid', () => {
    // a pause of 40 ms in every second: 4 % of the time
    const judgement = judge(madeUp({ generator: { hiccup: hiccups(40) } }))
    expect(numberIn(judgement, 'response.p90').validity).toBe('valid')
    expect(numberIn(judgement, 'response.p99')).toMatchObject({
      validity: 'invalid',
      codes: ['GENERATOR_LAG'],
    })
    expect(judgement.verdict.validity).toBe('suspect')
    expect(judgement.verdict.reasons[0]).toMatchObject({
      code: 'GENERATOR_LAG',
      validity: 'invalid',
      unit: 'share',
    })
  })

  test('holds up no more requests of a closed loop than are in flight', () => {
    const judgement = judge(
      madeUp({ load: closedLoop, flow: { inFlightMs: 5000 }, generator: { hiccup: hiccups(40) } }),
    )
    // one pause a second, of 5 of 1000 requests
    expect(numberIn(judgement, 'service.p99').validity).toBe('valid')
    expect(numberIn(judgement, 'service.max').validity).toBe('invalid')
  })

  test('is what a closed loop on the loopback is about', () => {
    const generator = { busy: 0.99, hiccup: hiccups(40) }
    const judgement = judge(
      madeUp({ load: closedLoop, flow: { inFlightMs: 5000 }, generator, origin: 'loopback' }),
    )
    expect(judgement.verdict).toMatchObject({ validity: 'valid', reasons: [] })
  })

  test('makes rate and latency of a closed loop invalid where it was too busy, and never the run', () => {
    const judgement = judge(
      madeUp({ load: closedLoop, flow: { inFlightMs: 5000 }, generator: { busy: 0.9 } }),
    )
    expect(judgement.verdict).toMatchObject({ validity: 'suspect', limitedBy: 'generator' })
    for (const metric of ['rate', 'service.p50', 'service.p99'])
      expect(numberIn(judgement, metric)).toMatchObject({ validity: 'invalid', codes: ['GENERATOR_BUSY'] })
    expect(numberIn(judgement, 'errors.rate').validity).toBe('valid')
  })

  test('makes the latency of an open loop suspect where it was too busy', () => {
    const judgement = judge(madeUp({ generator: { busy: 0.9 } }))
    expect(numberIn(judgement, 'response.p50')).toMatchObject({
      validity: 'suspect',
      codes: ['GENERATOR_BUSY'],
    })
    expect(numberIn(judgement, 'rate').validity).toBe('valid')
  })

  test('was not measured: everything is unknown', () => {
    const judgement = judge(madeUp({ generator: { hiccup: Histogram.empty } }))
    expect(judgement.verdict.validity).toBe('unknown')
    expect(new Set(judgement.verdict.numbers.map(({ validity }) => validity))).toEqual(new Set(['unknown']))
  })
})

describe('what the requests say', () => {
  test('a quantile among those that were given up is a lower bound', () => {
    const judgement = judge(
      madeUp({
        metrics: {
          ok: 980,
          timedOut: 20,
          outcomes: { ok: { count: 980, ok: true } },
          response: times([
            ...Array.from({ length: 980 }, () => 5),
            ...Array.from({ length: 20 }, () => 1000),
          ]),
          censored: 20,
        },
      }),
    )
    expect(numberIn(judgement, 'response.p99')).toMatchObject({ validity: 'invalid', isLowerBound: true })
    expect(numberIn(judgement, 'response.p99').codes).toContain('LOWER_BOUND')
    expect(numberIn(judgement, 'response.p90').isLowerBound).toBeUndefined()
  })

  test('latencies of the requests that succeeded are suspect where others failed; the share of errors is not', () => {
    const judgement = judge(
      madeUp({
        metrics: {
          ok: 950,
          failed: 50,
          outcomes: { ok: { count: 950, ok: true }, bad: { count: 50, ok: false } },
        },
      }),
    )
    expect(numberIn(judgement, 'response.p50')).toMatchObject({ validity: 'suspect', codes: ['ERRORS'] })
    expect(numberIn(judgement, 'errors.rate')).toMatchObject({ validity: 'valid', value: 0.05 })
  })

  test('a quantile that few independent samples establish is suspect, and at least that', () => {
    const few = times(Array.from({ length: 10 }, (_, at) => 5 + at))
    const judgement = judge(
      madeUp({
        metrics: { scheduled: 10, sent: 10, ok: 10, response: few, service: few, lag: times([0]) },
        flow: { inFlightMs: 50 },
      }),
    )
    expect(numberIn(judgement, 'response.p99.9')).toMatchObject({
      validity: 'suspect',
      grade: 'not established',
      isLowerBound: true,
      codes: ['TOO_FEW_SAMPLES'],
    })
    expect(numberIn(judgement, 'response.p50').grade).toBe('established')
  })
})

describe('any metric that a check can name', () => {
  const judgement = judge(madeUp({ generator: { hiccup: hiccups(40) } }))
  const number = (name: string) => judgement.on(parseScopedMetric(name)).number

  test('is judged as those that are listed', () => {
    expect(number('main/work/response.p99')).toMatchObject({
      flow: 'main',
      operation: 'work',
      validity: 'invalid',
    })
    expect(number('work/response.p97')).toMatchObject({
      operation: 'work',
      metric: 'response.p97',
      validity: 'invalid',
    })
    expect(number('latency.p99')).toMatchObject({ validity: 'invalid', codes: ['GENERATOR_LAG'] })
    expect(number('response.min')).toMatchObject({ validity: 'valid' })
  })

  test('counts are valid', () => {
    for (const name of ['requests', 'errors.count', 'timeouts', 'outcomes.ok.rate'])
      expect(number(name), name).toMatchObject({ validity: 'valid', codes: [] })
  })

  test('the lag is what the generator did, and not disturbed by it', () => {
    expect(number('lag.p99')).toMatchObject({ validity: 'valid' })
  })

  test('has no verdict without a value', () => {
    expect(number('nothing/response.p99')).toBeUndefined()
    expect(number('counters.nothing')).toBeUndefined()
    expect(number('recorders.nothing.p99')).toBeUndefined()
  })
})

describe('errors', () => {
  const allFailed = (share: number): MadeUp => ({
    metrics: {
      ok: 1000 * (1 - share),
      failed: 1000 * share,
      ...(share === 1 && { response: Histogram.empty, service: Histogram.empty }),
      failures: times([5]),
    },
  })

  test('make a run of nothing else no valid one: its rate is not one of answers', () => {
    const judgement = judge(madeUp(allFailed(1)))
    expect(judgement.verdict.validity).toBe('suspect')
    expect(numberIn(judgement, 'rate')).toMatchObject({ validity: 'suspect', codes: ['ERRORS'] })
    expect(numberIn(judgement, 'errors.rate').validity).toBe('valid')
    expect(reasonIn(judgement, 'ERRORS').text).toContain('100 %')
  })

  test('leave the rate valid where they are few, and not the latency', () => {
    const judgement = judge(madeUp(allFailed(0.005)))
    expect(numberIn(judgement, 'rate').validity).toBe('valid')
    expect(numberIn(judgement, 'response.p50')).toMatchObject({ validity: 'suspect', codes: ['ERRORS'] })
  })

  test('are a share of all at most, also at the end of an interval', () => {
    const judgement = judge(madeUp(allFailed(0.999)))
    expect(numberIn(judgement, 'errors.rate').interval!.high).toBeLessThanOrEqual(1)
  })
})

test('what is known to be doubtful stays so where pauses were not measured', () => {
  const made: MadeUp = { gauges: { 'cpu.stealShare': 0.08 }, generator: { hiccup: Histogram.empty } }
  const judgement = judge(madeUp(made))
  expect(numberIn(judgement, 'response.p99').validity).toBe('suspect')
  expect(numberIn(judgement, 'response.p50').validity).toBe('unknown')
  expect(judgement.verdict.validity).toBe('suspect')
})

test('what is left of an interval at the end is not the worst one', () => {
  const gauges = { 'cpu.stealShare': (second: number) => (second === 10 ? 0.9 : 0.001) }
  const evidence = madeUp({ seconds: 11, gauges })
  const [phase] = evidence.phases
  const { intervals } = phase!
  const cut = { ...intervals[10]!, endMs: 10_005 }
  const judgement = judge({
    ...evidence,
    phases: [{ ...phase!, intervals: [...intervals.slice(0, 10), cut] }],
  })
  expect(signalIn(judgement, 'stealPeak').observed).toBeCloseTo(0.001, 6)
})

test('a run that is too short for intervals establishes no more than its samples could', () => {
  const judgement = judge(madeUp({ seconds: 2 }))
  expect(numberIn(judgement, 'response.p99.9')).toMatchObject({
    validity: 'suspect',
    codes: ['TOO_FEW_SAMPLES'],
    grade: 'not established',
    isLowerBound: true,
  })
  // 20 beyond it, of which it is not known how far they depend on each other
  expect(numberIn(judgement, 'response.p99').grade).toBeUndefined()
  expect(numberIn(judgement, 'response.p99').validity).toBe('valid')
})

test('a number has reasons in its own words, beside the worst for each code of the whole', () => {
  const judgement = judge(madeUp({ generator: { hiccup: hiccups(100) } }))
  const { reasons } = judgement.on(parseScopedMetric('response.p95')).verdict
  expect(reasons).toMatchObject([{ code: 'GENERATOR_LAG', validity: 'invalid' }])
  expect(reasons[0]!.text).toContain('of response.p95')
  expect(judgement.on(parseScopedMetric('response.p50')).verdict.reasons).toEqual([])
})
