import { expect, test } from 'vitest'
import { Histogram } from '../../src/metrics/histogram.ts'
import { HiccupProbe, timerSleep } from '../../src/worker/hiccup-probe.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const durationMs = 60_000

/** What a probe says after a minute in which the thread was blocked from time to time. */
async function hiccups(block?: { readonly everyMs: number; readonly forMs: number }): Promise<Histogram> {
  const clock = new VirtualClock(0)
  const probe = new HiccupProbe(clock, (sleepMs, wake) => clock.at(clock.now() + sleepMs, wake))
  probe.start()
  if (block)
    for (let atMs = block.everyMs; atMs < durationMs; atMs += block.everyMs)
      clock.at(atMs, () => clock.skip(block.forMs))
  await clock.until(new Promise<void>((resolve) => void clock.at(durationMs, resolve)))
  probe.stop()
  return new Histogram(probe.drain())
}

test('a thread that is free is never late', async () => {
  const free = await hiccups()
  expect(free.count).toBeGreaterThan(2_500)
  expect(free.max).toBe(0)
})

test('a thread that is blocked for 50 ms in 200 is late for a random arrival as theory says', async () => {
  // a quarter of the time there is a wait, uniform from 0 to 50 ms: Q(q) = 50 − (1 − q) · 200
  const blocked = await hiccups({ everyMs: 200, forMs: 50 })
  expect(blocked.percentile(50)).toBe(0)
  expect(Math.abs(blocked.percentile(90) / 1e6 - 30)).toBeLessThan(3)
  expect(Math.abs(blocked.percentile(99) / 1e6 - 48)).toBeLessThan(3)
})

test('a stop of a second counts for all the time that it lasted', async () => {
  const stopped = await hiccups({ everyMs: 10_000, forMs: 1_000 })
  // five stops in a minute
  const share = 1 - stopped.countAtMost(10e6) / stopped.count
  expect(share).toBeGreaterThan(0.06)
  expect(share).toBeLessThan(0.1)
  expect(stopped.max).toBeGreaterThan(900e6)
})

test('a probe that is stopped records nothing more, and one that is drained begins anew', async () => {
  const clock = new VirtualClock(0)
  const probe = new HiccupProbe(clock, (sleepMs, wake) => clock.at(clock.now() + sleepMs, wake))
  const after = (ms: number): Promise<void> =>
    clock.until(new Promise((resolve) => void clock.at(clock.now() + ms, resolve)))
  probe.start()
  await after(1_000)
  expect(probe.drain().count).toBeGreaterThan(30)
  expect(probe.drain().count).toBe(0)
  probe.stop()
  await after(1_000)
  expect(probe.drain().count).toBe(0)
})

test('a pause that is over counts although the probe was not woken yet, and once', async () => {
  const clock = new VirtualClock(0)
  const probe = new HiccupProbe(clock, (sleepMs, wake) => clock.at(clock.now() + sleepMs, wake))
  probe.start()
  clock.skip(1_000)
  const { count, max } = new Histogram(probe.drain())
  expect(max).toBeGreaterThanOrEqual(970e6)
  expect(count).toBeGreaterThan(30)
  await clock.until(new Promise<void>((resolve) => void clock.at(clock.now() + 100, resolve)))
  expect(new Histogram(probe.drain()).max).toBe(0)
})

test('with real timers it sees that the thread was blocked', async () => {
  const probe = new HiccupProbe({ now: () => performance.now() }, timerSleep)
  probe.start()
  const untilMs = performance.now() + 300
  while (performance.now() < untilMs);
  await new Promise((resolve) => setTimeout(resolve, 100))
  probe.stop()
  const seen = new Histogram(probe.drain())
  expect(seen.max).toBeGreaterThan(250e6)
  expect(seen.count).toBeGreaterThan(8)
})
