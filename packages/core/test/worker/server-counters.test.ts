import { expect, test } from 'vitest'
import { constantRate, simulate } from '../support/simulate.ts'
import type { VirtualClock } from '../support/virtual-clock.ts'

/** A server that takes as long as it is told to for each look at its counters, which counts the looks. */
function counters(tookMs: readonly number[]): (clock: VirtualClock) => Promise<Record<string, number>> {
  let looks = 0
  return async (clock) => {
    const value = ++looks
    await new Promise<void>((resolve) => clock.at(clock.now() + (tookMs[value - 1] ?? 0), resolve))
    return { looks: value }
  }
}

test.each([
  ['as fast as always', [0, 1, 1, 1]],
  ['slower at the end of an interval than at the end of the phase', [0, 300, 500, 1]],
  ['slower than an interval', [0, 1_500, 1_500, 1]],
])('no interval is lost when the server says what it counted %s', async (_, tookMs) => {
  const { intervals, breaches, flow } = await simulate({
    load: constantRate(100, 2_000),
    durationMs: 2_000,
    serve: (slot, { answer }) => answer(slot, 1),
    observe: counters(tookMs),
  })
  expect(breaches).toEqual([])
  expect(flow.total.sent).toBe(200)
  expect(intervals.reduce((sum, interval) => sum + interval.flows[0]!.total.sent, 0)).toBe(200)
  expect(flow.counters).toEqual({ looks: 3 })
})
