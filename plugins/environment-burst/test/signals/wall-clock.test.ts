import { expect, test } from 'vitest'
import { wallClock } from '../../src/signals/wall-clock.ts'

/** Clocks that only move when they are told to. */
function clocks() {
  let [wallMs, monotonicMs] = [1_000_000, 0]
  return {
    source: wallClock({ wallMs: () => Math.floor(wallMs), monotonicMs: () => monotonicMs }),
    pass(ms: number, ppm = 0): void {
      monotonicMs += ms
      wallMs += ms * (1 + ppm / 1e6)
    },
    step: (ms: number): void => void (wallMs += ms),
  }
}

test('a drift is told once it is known to within 50 ppm', async () => {
  const { source, pass } = clocks()
  pass(10_000, 300)
  expect(await source.read([])).toEqual({ 'clock.driftPpm': undefined, 'clock.steppedMs': 0 })
  pass(90_000, 300)
  expect(await source.read([])).toEqual({ 'clock.driftPpm': 300, 'clock.steppedMs': 0 })
})

test('a clock that is slower drifts below zero', async () => {
  const { source, pass } = clocks()
  pass(100_000, -200)
  expect(await source.read([])).toEqual({ 'clock.driftPpm': -200, 'clock.steppedMs': 0 })
})

test('steps in either direction add up, and are no drift', async () => {
  const { source, pass, step } = clocks()
  pass(1000)
  step(-2000)
  expect(await source.read([])).toMatchObject({ 'clock.steppedMs': 2000 })
  pass(100_000)
  step(50)
  expect(await source.read([])).toMatchObject({ 'clock.steppedMs': 2000 })
  pass(1000)
  step(200)
  expect(await source.read([])).toMatchObject({ 'clock.steppedMs': 2200 })
})

test('less than 10 ms are no step', async () => {
  const { source, pass, step } = clocks()
  pass(1000)
  step(9)
  expect(await source.read([])).toMatchObject({ 'clock.steppedMs': 0 })
})

test('a look that was interrupted between the two clocks is not taken', async () => {
  // the first of three tries takes 100 ms
  const times = [0, 100, 100, 100, 100, 100, 1100, 1100, 1100, 1100, 1100, 1100]
  let at = 0
  const source = wallClock({ monotonicMs: () => times[at++]!, wallMs: () => times[at - 1]! })
  expect(await source.read([])).toMatchObject({ 'clock.steppedMs': 0 })
})

test('the clocks of the machine that runs this test', async () => {
  expect(Object.keys(await wallClock().read([]))).toContain('clock.steppedMs')
})
