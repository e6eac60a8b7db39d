import { describe, expect, test } from 'vitest'
import { examine } from '../exam/ledger/known-answers.ts'
import type { Entry, Ledger } from '../exam/ledger/ledger.ts'
import {
  arrivalLatenessMs,
  constantArrivals,
  poissonArrivals,
  responsesOf,
  serverLatenessMs,
} from '../exam/ledger/oracle.ts'
import { isRight } from '../exam/reading.ts'

/** A ledger of requests that came at these times. */
function ledgerOf(atMs: readonly number[], serviceMs: number): Ledger {
  const entries = atMs.map((at, index): Entry => ({
    index,
    atMs: at,
    serviceMs,
    plannedMs: at + serviceMs,
    repliedMs: at + serviceMs + 1,
  }))
  return { entries, startMs: atMs[0]! }
}

describe('what a ledger makes of response times', () => {
  test('in a queue, each waits for those that came due before it', () => {
    // due at 0, 10, 20, 30, 40, and served in 15
    const ledger = ledgerOf([1000, 1010, 1020, 1030, 1040], 15)
    expect(responsesOf(ledger, { hasQueue: true }, constantArrivals(100), 0)).toEqual([15, 20, 25, 30, 35])
    expect(responsesOf(ledger, {}, constantArrivals(100), 0)).toEqual([15, 15, 15, 15, 15])
  })

  test('counts from when they were due: a generator that is late excuses nothing', () => {
    const late = ledgerOf([1000, 1110, 1020, 1030, 1140], 15)
    expect(responsesOf(late, { hasQueue: true }, constantArrivals(100), 0)).toEqual([15, 20, 25, 30, 35])
    expect(arrivalLatenessMs(late, constantArrivals(100), 0)).toBe(0)
  })

  test('has the stalls in it, and not the warm-up', () => {
    const ledger = ledgerOf([1000, 1010, 1020, 1030, 1040], 5)
    const stalls = [{ fromMs: 15, stallMs: 20 }]
    expect(responsesOf(ledger, { stalls }, constantArrivals(100), 0)).toEqual([5, 5, 20, 10, 5])
    expect(responsesOf(ledger, { stalls }, constantArrivals(100), 2)).toEqual([20, 10, 5])
  })

  test('knows how late the server was', () => {
    expect(serverLatenessMs(ledgerOf([1000, 1010], 5), 0)).toBe(1)
  })

  test('random arrivals come in order, at their rate, and the same for the same seed', () => {
    const arrivals = poissonArrivals(100, 1, 1)
    const dues = Array.from({ length: 5000 }, (_, number) => arrivals(number))
    expect(dues).toEqual(dues.toSorted((a, b) => a - b))
    expect(dues.at(-1)! / 5000).toBeGreaterThan(9.5)
    expect(dues.at(-1)! / 5000).toBeLessThan(10.5)
    expect(poissonArrivals(100, 1, 1)(4999)).toBe(dues.at(-1))
    expect(poissonArrivals(100, 2, 1)(4999)).not.toBe(dues.at(-1))
  })
})

describe('an exam with a server that takes a second', () => {
  const examineSecond = async (lie: number, absolute: number) => {
    const [p50] = await examine(
      { driver: 'http' },
      {
        service: { serviceMs: 1_000, lie },
        perSecond: 10,
        shape: { durationMs: 2_000 },
        tolerances: { p50: { absolute } },
      },
    )
    return isRight(p50!)
  }

  // tolerances that a busy machine does not use up; that it may call the run invalid is no matter here
  test.concurrent('passes when its ledger is true', async () => {
    expect(await examineSecond(1, 400)).toBe(true)
  })

  test.concurrent('fails when its ledger lies: it writes down half of the time', async () => {
    expect(await examineSecond(0.5, 400)).toBe(false)
  })

  test.concurrent('does not pass with a tolerance that nothing meets', async () => {
    expect(await examineSecond(1, 1e-6)).toBe(false)
  })
})
