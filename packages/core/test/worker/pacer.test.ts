import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { Clock } from '../../src/load/clock.ts'
import { monotonicClock } from '../../src/load/clock.ts'
import { createPacer, hybridPacer, timerPacer, type Pacer } from '../../src/worker/pacer.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const turnMs = 0.01

/** A turn of its event loop takes 10 µs. */
class TurningClock extends VirtualClock {
  turns = 0

  override soon(callback: () => void): void {
    this.at(this.now() + turnMs, () => {
      this.turns++
      callback()
    })
  }
}

interface Woken {
  readonly pacer: Pacer
  readonly clock: TurningClock
  readonly wakesMs: number[]
  /** Lets time pass. */
  readonly pass: (untilMs: number) => Promise<void>
}

/** A pacer that notes when it wakes, and then is armed for what comes next. */
function paced(create: (clock: Clock, wake: () => void) => Pacer, dueMs: number[] = []): Woken {
  const clock = new TurningClock()
  const wakesMs: number[] = []
  const pacer = create(clock, () => {
    wakesMs.push(clock.now())
    pacer.arm(dueMs.shift() ?? Infinity)
  })
  pacer.arm(dueMs.shift() ?? Infinity)
  const pass = (untilMs: number): Promise<void> =>
    clock.until(new Promise<void>((resolve) => void clock.at(untilMs, resolve)))
  return { pacer, clock, wakesMs, pass }
}

/** Each in the first turn after it was due. */
function expectOnTime(wakesMs: readonly number[], dueMs: readonly number[]): void {
  expect(wakesMs).toHaveLength(dueMs.length)
  for (const [at, due] of dueMs.entries()) {
    expect(wakesMs[at]).toBeGreaterThanOrEqual(due)
    expect(wakesMs[at]).toBeLessThanOrEqual(due + turnMs * 1.01)
  }
}

const hybrid = (clock: Clock, wake: () => void): Pacer =>
  hybridPacer(clock, wake, (rouse) => timerPacer(clock, rouse))

test('spin wakes in the turn in which something is due, and turns all the time', async () => {
  const { wakesMs, pass, clock } = paced((on, wake) => createPacer('spin', on, wake), [1, 2, 5])
  await pass(10)
  expectOnTime(wakesMs, [1, 2, 5])
  expect(clock.turns).toBeGreaterThan(490)
})

test('hybrid is as precise, and turns only for the last stretch', async () => {
  const { wakesMs, pass, clock } = paced(hybrid, [1, 2, 5])
  await pass(10)
  expectOnTime(wakesMs, [1, 2, 5])
  // 200 µs before each
  expect(clock.turns).toBeGreaterThanOrEqual(3 * 19)
  expect(clock.turns).toBeLessThanOrEqual(3 * 22)
})

test('hybrid does not sleep before what is due within that stretch', async () => {
  const dense = Array.from({ length: 50 }, (_, at) => 1 + at * 0.1)
  let sleeps = 0
  const { wakesMs, pass } = paced(
    (clock, wake) =>
      hybridPacer(clock, wake, (rouse) => {
        const timer = timerPacer(clock, rouse)
        return {
          arm(atMs) {
            if (atMs !== Infinity) sleeps++
            timer.arm(atMs)
          },
          close: () => timer.close(),
        }
      }),
    [...dense],
  )
  await pass(10)
  expect(sleeps).toBe(1)
  expectOnTime(wakesMs, dense)
})

test.each([
  ['spin', (clock: Clock, wake: () => void) => createPacer('spin', clock, wake)],
  ['hybrid', hybrid],
  ['timer', timerPacer],
] as const)('%s goes by the last time it was armed for, and keeps still when closed', async (_, create) => {
  const { pacer, wakesMs, pass } = paced(create)
  pacer.arm(5)
  await pass(1)
  pacer.arm(3)
  await pass(2.9)
  pacer.arm(4)
  await pass(4.5)
  expectOnTime(wakesMs, [4])
  pacer.arm(6)
  await pass(5.95)
  pacer.arm(Infinity)
  await pass(8)
  pacer.arm(9)
  pacer.close()
  await pass(20)
  expect(wakesMs).toHaveLength(1)
})

test.each(['tick', 'hybrid'] as const)(
  '%s wakes for everything that comes due, and not before it',
  async (dispatch) => {
    const clock = monotonicClock
    // sooner than a tick, later than one, and so late that the thread sleeps
    const gapsMs = [1, 0.02, 0.02, 0.3, 5, 0.1, 30]
    const startMs = clock.now() + 20
    const dueMs = gapsMs.map((_, at) => startMs + gapsMs.slice(0, at + 1).reduce((sum, gap) => sum + gap, 0))
    const earlyMs: number[] = []
    await new Promise<void>((resolve) => {
      const due = [...dueMs]
      const pacer = createPacer(dispatch, clock, () => {
        const nowMs = clock.now()
        earlyMs.push(due[0]! - nowMs)
        // a wake may serve several
        while (due.length > 0 && due[0]! <= nowMs) due.shift()
        pacer.arm(due[0] ?? Infinity)
        if (due.length > 0) return
        pacer.close()
        resolve()
      })
      pacer.arm(due[0]!)
    })
    // but for what two clocks may differ by
    expect(Math.max(...earlyMs)).toBeLessThan(0.02)
  },
)

test('tick loses no wake, whatever its thread is doing when it is armed', async () => {
  // a process of its own, whose code is compiled as that of a worker is: what went wrong took some nanoseconds
  const script = fileURLToPath(new URL('wakes.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@cloudbench/source', script])
  expect(stdout).toBe('30000 wakes\n')
})
