import { expect, test } from 'vitest'
import { createBehaviour, type BehaviourClock, type BehaviourOptions } from '../../src/loopback/behaviour.ts'

/** A clock that only moves when it is told to, and calls back at exactly the right time. */
function virtualClock(startMs = 1_000) {
  let nowMs = startMs
  let timers: { readonly dueMs: number; readonly callback: () => void }[] = []
  const clock: BehaviourClock = {
    now: () => nowMs,
    after(delayMs, callback) {
      // a step that rounding cannot swallow, or time would stand still
      const timer = { dueMs: nowMs + Math.max(delayMs, 1e-6), callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  return {
    ...clock,
    pending: () => timers.length,
    moveTo(atMs: number): void {
      for (;;) {
        const [next] = timers.toSorted((a, b) => a.dueMs - b.dueMs)
        if (!next || next.dueMs > startMs + atMs) break
        nowMs = Math.max(nowMs, next.dueMs)
        timers = timers.filter((other) => other !== next)
        next.callback()
      }
      nowMs = startMs + atMs
    },
  }
}

/** When requests that arrive at these times are answered, rounded to a thousandth of a millisecond. */
function answersOf(options: BehaviourOptions, arrivals: readonly number[]): number[] {
  const clock = virtualClock()
  const behaviour = createBehaviour(options, clock)
  const answers: number[] = []
  for (const arrivalMs of arrivals) {
    clock.moveTo(arrivalMs)
    behaviour.admit(() => answers.push(Math.round((clock.now() - 1_000) * 1_000) / 1_000))
  }
  clock.moveTo(1_000_000)
  expect(clock.pending()).toBe(0)
  return answers
}

test('without anything prescribed every answer comes at once', () => {
  expect(answersOf({}, [0, 1.5, 3])).toEqual([0, 1.5, 3])
})

test('a delay is the same for every answer', () => {
  expect(answersOf({ delayMs: 50 }, [0, 1, 100])).toEqual([50, 51, 150])
})

test('a stall holds back every answer until it ends', () => {
  const stall = { afterMs: 100, stallMs: 20 }
  expect(answersOf({ stall }, [99, 100, 119, 120, 500])).toEqual([99, 120, 120, 120, 500])
})

test('a stall comes back every period', () => {
  const stall = { afterMs: 100, stallMs: 20, periodMs: 50 }
  expect(answersOf({ stall }, [100, 125, 150, 169, 170, 205])).toEqual([120, 125, 170, 170, 170, 220])
})

test('an answer that would be ready during a stall waits for its end', () => {
  expect(answersOf({ delayMs: 10, stall: { afterMs: 100, stallMs: 20 } }, [85, 95, 105, 115])).toEqual([
    95, 120, 120, 125,
  ])
})

test('a capacity serves one after the other, in the order of arrival', () => {
  expect(answersOf({ capacityPerSecond: 100 }, [0, 0, 5, 100])).toEqual([10, 20, 30, 110])
})

test('a capacity below the rate of arrival is the rate of answers', () => {
  const answers = answersOf(
    { capacityPerSecond: 300 },
    Array.from({ length: 3_000 }, (_, at) => at),
  )
  expect(answers).toHaveLength(3_000)
  expect(answers.at(-1)).toBeCloseTo(10_000, 1)
})

test('a delay comes on top of the time in the queue', () => {
  expect(answersOf({ capacityPerSecond: 100, delayMs: 3 }, [0, 0])).toEqual([13, 23])
})

test('a server that stalls does not work meanwhile', () => {
  const stall = { afterMs: 15, stallMs: 100 }
  expect(answersOf({ capacityPerSecond: 100, stall }, [0, 0, 0])).toEqual([10, 120, 130])
})

test.for([
  [0, 0],
  [0.1, 100],
  [0.25, 250],
  [1 / 3, 333],
  [1, 1_000],
])('a failure rate of %f is evenly spread: %i of 1000', ([failureRate, failures]) => {
  const behaviour = createBehaviour({ failureRate: failureRate! }, virtualClock())
  const failed: boolean[] = []
  for (let request = 0; request < 1_000; request++) behaviour.admit((isFailure) => failed.push(isFailure))
  let seen = 0
  for (const [at, isFailure] of failed.entries()) {
    if (isFailure) seen++
    expect(Math.abs(seen - (at + 1) * failureRate!)).toBeLessThanOrEqual(1)
  }
  expect(Math.abs(seen - failures!)).toBeLessThanOrEqual(1)
})

test('closing forgets what was not answered', () => {
  const clock = virtualClock()
  const behaviour = createBehaviour({ delayMs: 10 }, clock)
  let answers = 0
  behaviour.admit(() => answers++)
  behaviour.close()
  clock.moveTo(100)
  expect(answers).toBe(0)
  expect(clock.pending()).toBe(0)
})

test('a timer that fires too early is set again', () => {
  const clock = virtualClock()
  const early: BehaviourClock = {
    now: clock.now,
    after: (delayMs, callback) => clock.after(Math.max(0.5, delayMs / 2), callback),
  }
  const behaviour = createBehaviour({ delayMs: 8 }, early)
  const answers: number[] = []
  behaviour.admit(() => answers.push(clock.now()))
  clock.moveTo(7.9)
  expect(answers).toEqual([])
  clock.moveTo(9)
  expect(answers).toHaveLength(1)
})
