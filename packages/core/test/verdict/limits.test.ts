import { describe, expect, test } from 'vitest'
import type { Slot } from '../../src/plugin/driver.ts'
import { markedNumber } from '../../src/verdict/format-verdict.ts'
import { defaultVerdictPlan, judge } from '../../src/verdict/judge.ts'
import { times } from '../metrics/measured.ts'
import { constantRate, simulate } from '../support/simulate.ts'
import { madeUp, evidenceOf, type MadeUp } from './made-up.ts'
import { judged, numberIn, reasonIn } from './simulated.ts'

const durationMs = 10_000
const drainMs = 20_000

describe('a pool that was full while requests waited', () => {
  test('is too small where requests took no longer than with most places free', async () => {
    // 20 requests a second for a while, and then 100: the rate is no constant, and the pool is what it meets
    const judgement = await judged({
      load: {
        model: 'open',
        connections: 4,
        arrivals: 'constant',
        stages: [
          { durationMs: 5000, fromPerSecond: 20, toPerSecond: 20 },
          { durationMs: 5000, fromPerSecond: 100, toPerSecond: 100 },
        ],
      },
      durationMs,
      drainMs,
      serve: (slot, { answer, nowMs }) => answer(slot, 50 + (nowMs % 7)),
    })
    expect(judgement.verdict.limitedBy).toBe('pool')
    expect(reasonIn(judgement, 'POOL_TOO_SMALL').advice).toMatch(/at least [56] \(--connections [56]\)/)
    expect(numberIn(judgement, 'rate')).toMatchObject({ validity: 'suspect', codes: ['POOL_TOO_SMALL'] })
  })

  test('is said to be one of two where times differ too much to tell', async () => {
    const judgement = await judged({
      load: constantRate(100, durationMs, 2),
      durationMs,
      drainMs,
      // from 1 to 99 ms, without an order
      serve: (slot: Slot, { answer, nowMs }) => answer(slot, 1 + ((Math.round(nowMs) * 37) % 99)),
    })
    expect(judgement.verdict.limitedBy).toBe('pool or target')
    expect(reasonIn(judgement, 'POOL_TOO_SMALL').advice).toContain('--connections 4')
  })
})

describe('an open loop that fell behind', () => {
  const behind: MadeUp = { metrics: { scheduled: 1200, unsent: 200 } }

  test('was limited by a generator that was busy: the run as a whole is invalid', () => {
    const judgement = judge(madeUp({ ...behind, generator: { busy: 0.95 } }))
    expect(judgement.verdict).toMatchObject({ validity: 'invalid', limitedBy: 'generator' })
    expect(judgement.verdict.reasons[0]).toMatchObject({ code: 'GENERATOR_LIMITED', validity: 'invalid' })
    expect(numberIn(judgement, 'errors.rate').validity).toBe('invalid')
  })

  test('and not where a short run ended in a pause', () => {
    const judgement = judge(madeUp({ ...behind, seconds: 1, generator: { busy: 0.95 } }))
    expect(judgement.verdict.validity).toBe('suspect')
  })

  test('was limited by a generator that waited for a CPU', () => {
    const judgement = judge(madeUp({ ...behind, gauges: { 'worker.runDelayShare': 0.3 } }))
    expect(judgement.verdict.limitedBy).toBe('generator')
    expect(reasonIn(judgement, 'GENERATOR_LIMITED').text).toContain('waited for a CPU for 30 % of the time')
  })

  test('was limited by a generator that was late although connections were free, whatever its dispatch', () => {
    const lag = times(Array.from({ length: 1000 }, () => 4))
    const response = times(Array.from({ length: 1200 }, () => 5))
    const judgement = judge(
      madeUp({
        metrics: { ...behind.metrics, lag, response },
        generator: { lag, busy: 1 },
        scenario: { dispatch: 'spin' },
      }),
    )
    expect(judgement.verdict.limitedBy).toBe('generator')
  })

  test('was limited by a generator that stopped sending, but not where the target had closed the connections', () => {
    const stopped = (openConnections: number): MadeUp => ({
      ...behind,
      flow: { inFlightMs: 0, connections: { opened: 0, refused: 0, openMs: 1000 * openConnections } },
    })
    const judgement = judge(madeUp(stopped(100)))
    expect(judgement.verdict).toMatchObject({ validity: 'invalid', limitedBy: 'generator' })
    expect(reasonIn(judgement, 'GENERATOR_LIMITED').text).toContain('connections were free')
    expect(judge(madeUp(stopped(2))).verdict.limitedBy).toBe('target')
  })

  test('was limited by the network where packets exceeded what the instance may send', () => {
    const counters = { 'net.allowanceExceededPackets': 10, 'net.packets': 10_000 }
    const judgement = judge(madeUp({ ...behind, counters }))
    expect(judgement.verdict.limitedBy).toBe('network')
    expect(judgement.verdict.validity).toBe('suspect')
  })

  test('was not limited by the generator where all places were taken, for all it waited for a CPU', async () => {
    let freeAtMs = 0
    const simulation = {
      load: constantRate(125, 20_000, 20),
      durationMs: 20_000,
      drainMs,
      serve: (slot: Slot, { answer, nowMs }: { answer(to: Slot, afterMs: number): void; nowMs: number }) => {
        freeAtMs = Math.max(freeAtMs, nowMs) + 10
        answer(slot, freeAtMs - nowMs)
      },
    }
    const { result } = await simulate(simulation)
    const signals = [
      {
        machine: 'local',
        counters: {},
        gauges: { 'worker.runDelayShare': { mean: 0.2, max: 0.2, observedMs: 1000 } },
      },
    ]
    const intervals = result.intervals.map((interval) => ({ ...interval, signals }))
    const judgement = judge(evidenceOf([{ ...result, intervals, signals }]))
    expect(judgement.verdict.limitedBy).toBe('target')
  })
})

test('a server that answers in time leaves nothing to attribute', async () => {
  const judgement = await judged({
    load: constantRate(100, durationMs, 10),
    durationMs,
    serve: (slot, { answer }) => answer(slot, 90),
  })
  expect(judgement.verdict.validity).toBe('valid')
  expect(numberIn(judgement, 'response.p99')).toMatchObject({ validity: 'valid', codes: [] })
  expect(judgement.verdict.limitedBy).toBeUndefined()
})

describe('an open loop that is hardly behind at its end', () => {
  /** Of each second, so many are answered after the end. */
  const late = (count: number): MadeUp => ({ seconds: 3, metrics: { lateShare: count } })

  test('says nothing of a target whose connections were free', () => {
    const { verdict } = judge(madeUp(late(20)))
    expect(verdict.limitedBy).toBeUndefined()
    expect(verdict).toMatchObject({ validity: 'valid', reasons: [] })
  })

  test('nor does one that is not to be minded for it', () => {
    const behind = madeUp({ metrics: { scheduled: 1200, unsent: 200 } })
    const off = { suspectAbove: null, invalidAbove: null }
    expect(judge(behind).verdict.limitedBy).toBe('target')
    const plan = { ...defaultVerdictPlan, thresholds: { unsent: off } }
    expect(judge(behind, plan).verdict.limitedBy).toBeUndefined()
  })
})

test('a pool of one is named as one', async () => {
  const judgement = await judged({
    load: constantRate(100, durationMs, 1),
    durationMs,
    drainMs,
    serve: (slot, { answer }) => answer(slot, 30),
  })
  expect(reasonIn(judgement, 'POOL_TOO_SMALL').text).toContain('the only connection was in use')
})

test('a saturated target has no times, and one that may be has doubtful ones', () => {
  const saturated = { metric: 'response.p99', unit: 'ns', value: 1e6, codes: ['TARGET_SATURATED'] } as const
  expect(markedNumber('1 ms', { ...saturated, validity: 'invalid', isLowerBound: true })).toBe('saturated')
  expect(markedNumber('1 ms', { ...saturated, validity: 'suspect' })).toBe('~1 ms')
})
