import { expect, test } from 'vitest'
import { constantRate } from '../support/simulate.ts'
import { judged, numberIn, reasonIn } from './simulated.ts'

/** A server with one place: what comes later waits. */
function oneAtATime(serviceMs: number) {
  let freeAtMs = 0
  return (nowMs: number): number => {
    freeAtMs = Math.max(freeAtMs, nowMs) + serviceMs
    return freeAtMs - nowMs
  }
}

test('an undisturbed run is valid', async () => {
  const durationMs = 40_000
  const judgement = await judged({
    load: constantRate(100, durationMs),
    durationMs,
    serve: (slot, { answer }) => answer(slot, 5),
  })
  expect(judgement.verdict).toMatchObject({ validity: 'valid', reasons: [] })
  expect(judgement.verdict.limitedBy).toBeUndefined()
  expect(new Set(judgement.verdict.numbers.map(({ validity }) => validity))).toEqual(new Set(['valid']))
  expect(judgement.verdict.steadyStates).toMatchObject([{ flow: 'main', kind: 'flat' }])
  expect(numberIn(judgement, 'response.p99')).toMatchObject({ grade: 'established' })
  expect(numberIn(judgement, 'rate').interval!.low).toBeCloseTo(100, 0)
})

test('an overloaded server: the target is saturated, and no p99', async () => {
  const durationMs = 20_000
  const server = oneAtATime(10)
  const judgement = await judged({
    load: constantRate(125, durationMs, 100),
    durationMs,
    drainMs: 20_000,
    serve: (slot, { answer, nowMs }) => answer(slot, server(nowMs)),
  })
  expect(judgement.verdict).toMatchObject({ validity: 'suspect', limitedBy: 'target' })
  expect(judgement.verdict.reasons[0]).toMatchObject({ code: 'TARGET_SATURATED', validity: 'invalid' })
  expect(numberIn(judgement, 'response.p99')).toMatchObject({ validity: 'invalid', isLowerBound: true })
  expect(numberIn(judgement, 'rate')).toMatchObject({ validity: 'valid', codes: [] })
  expect(judgement.verdict.steadyStates).toMatchObject([{ kind: 'overloaded' }])
})

test('an overloaded server, with places for all that waits', async () => {
  const durationMs = 20_000
  const server = oneAtATime(10)
  const judgement = await judged({
    load: constantRate(125, durationMs, 1000),
    durationMs,
    drainMs: 20_000,
    serve: (slot, { answer, nowMs }) => answer(slot, server(nowMs)),
  })
  expect(judgement.verdict.limitedBy).toBe('target')
  expect(numberIn(judgement, 'response.p50')).toMatchObject({
    validity: 'invalid',
    codes: ['TARGET_SATURATED'],
  })
})

test('a pool that is too small: says so, and what to raise', async () => {
  const durationMs = 10_000
  const judgement = await judged({
    load: constantRate(100, durationMs, 2),
    durationMs,
    drainMs: 20_000,
    serve: (slot, { answer }) => answer(slot, 50),
  })
  expect(judgement.verdict.limitedBy).toBe('pool')
  expect(reasonIn(judgement, 'POOL_TOO_SMALL').text).toContain('all 2 connections')
  expect(reasonIn(judgement, 'POOL_TOO_SMALL').advice).toContain('connections to at least 5')
  expect(numberIn(judgement, 'response.p99')).toMatchObject({ validity: 'invalid', isLowerBound: true })
  expect(numberIn(judgement, 'service.p99').validity).toBe('valid')
})

test('a pool that is too small is one, also where requests in flight are given up in the end', async () => {
  const durationMs = 10_000
  const judgement = await judged({
    load: constantRate(100, durationMs, 2),
    durationMs,
    // the last requests have been in flight for 8 ms then, which is recorded as a lower bound
    drainMs: 8,
    serve: (slot, { answer }) => answer(slot, 50),
  })
  expect(judgement.verdict.limitedBy).toBe('pool')
})

test('a generator that is blocked 50 ms of every 200', async () => {
  const durationMs = 10_000
  const judgement = await judged({
    load: constantRate(1000, durationMs),
    durationMs,
    serve: (slot, { answer }) => answer(slot, 1),
    script({ clock, startMs }) {
      for (let atMs = 100; atMs < durationMs; atMs += 200) clock.at(startMs + atMs, () => clock.skip(50))
    },
  })
  expect(judgement.verdict.validity).toBe('invalid')
  expect(reasonIn(judgement, 'GENERATOR_LAG').validity).toBe('invalid')
  for (const metric of ['response.p90', 'response.p99'])
    expect(numberIn(judgement, metric)).toMatchObject({ validity: 'invalid', codes: ['GENERATOR_LAG'] })
  expect(numberIn(judgement, 'response.p50').validity).toBe('valid')
})

test('a generator that was stopped for one second of ten', async () => {
  const durationMs = 10_000
  const judgement = await judged({
    load: constantRate(100, durationMs),
    durationMs,
    serve: (slot, { answer }) => answer(slot, 5),
    script: ({ clock, startMs }) => void clock.at(startMs + 4100, () => clock.skip(1000)),
  })
  expect(numberIn(judgement, 'response.p99').validity).toBe('invalid')
  expect(numberIn(judgement, 'response.p99').codes).toContain('GENERATOR_LAG')
  expect(numberIn(judgement, 'response.p50').validity).toBe('valid')
  expect(judgement.verdict.validity).toBe('suspect')
  expect(reasonIn(judgement, 'GENERATOR_LAG').window).toMatchObject({ startMs: 4000 })
})
