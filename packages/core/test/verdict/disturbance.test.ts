import { describe, expect, test } from 'vitest'
import { heldUpNs, lateNs, readLateNs } from '../../src/verdict/disturbance.ts'
import { times } from '../metrics/measured.ts'

const ms = 1e6

/** Looks of a probe every millisecond of ten seconds, in which a pause of so many milliseconds began every second. */
function pauses(lengthMs: number) {
  return times(Array.from({ length: 10_000 }, (_, at) => Math.max(0, lengthMs - (at % 1000))))
}

describe('a pause of 100 ms in every second', () => {
  const hiccup = pauses(100)

  test('holds up a tenth of the arrivals', () => {
    expect(heldUpNs(hiccup, 0.5)).toBe(0)
    expect(heldUpNs(hiccup, 0.89)).toBe(0)
    expect(heldUpNs(hiccup, 0.95) / ms).toBeCloseTo(49, 0)
    expect(heldUpNs(hiccup, 0.99) / ms).toBeCloseTo(89, 0)
    expect(heldUpNs(hiccup, 1) / ms).toBeCloseTo(99, 0)
    expect(heldUpNs(hiccup, undefined) / ms).toBeCloseTo(4.95, 1)
  })

  test('holds up what is in flight: with a service time of 2 ms, two requests of a thousand that are sent', () => {
    expect(readLateNs(hiccup, 0.99, 2 * ms)).toBe(0)
    expect(readLateNs(hiccup, 0.999, 2 * ms) / ms).toBeGreaterThan(90)
    expect(readLateNs(hiccup, 1, 2 * ms) / ms).toBeCloseTo(99, 0)
    // 2 ms of each of the 100 ms of 1000
    expect(readLateNs(hiccup, undefined, 2 * ms)).toBeLessThan(0.2 * ms)
  })

  test('holds up a tenth of requests that take as long as it does', () => {
    expect(readLateNs(hiccup, 0.95, 100 * ms) / ms).toBeCloseTo(49, 0)
  })
})

test('what timers are late by on their own is nothing', () => {
  const idle = times(Array.from({ length: 1000 }, (_, at) => at / 1000))
  expect(heldUpNs(idle, 0.99)).toBe(0)
  expect(readLateNs(idle, 0.99, ms)).toBe(0)
  expect(heldUpNs(idle, undefined)).toBe(0)
})

test('what an arrival is late by counts from 0.2 ms on', () => {
  expect(lateNs(times([0.1, 0.1]), 0.99)).toBe(0)
  expect(lateNs(times([0.3, 0.3]), 0.99) / ms).toBeCloseTo(0.3, 2)
  expect(lateNs(times([0.3, 0.5]), undefined) / ms).toBeCloseTo(0.4, 2)
})

test('where nothing was measured there is nothing', () => {
  const none = times([])
  expect([heldUpNs(none, 0.5), readLateNs(none, 0.5, ms), lateNs(none, undefined)]).toEqual([0, 0, 0])
})
