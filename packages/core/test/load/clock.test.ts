import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { timerAt } from '../../src/load/clock.ts'

const dayMs = 86_400_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

it('calls back after sixty days, although a timer of Node holds less than twenty-five', () => {
  const called = vi.fn<() => void>()
  timerAt(Date.now, 60 * dayMs, called)
  vi.advanceTimersByTime(60 * dayMs - 1)
  expect(called).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(called).toHaveBeenCalledOnce()
})

it('never calls back before the time, although a timer of Node may be early', () => {
  const called = vi.fn<() => void>()
  let nowMs = 0
  timerAt(() => nowMs, 10.4, called)
  nowMs = 9.9
  vi.advanceTimersByTime(10)
  expect(called).not.toHaveBeenCalled()
  nowMs = 10.5
  vi.advanceTimersByTime(1)
  expect(called).toHaveBeenCalledOnce()
})

it('can be cancelled, however far it has come', () => {
  const called = vi.fn<() => void>()
  const cancel = timerAt(Date.now, 60 * dayMs, called)
  vi.advanceTimersByTime(55 * dayMs)
  cancel()
  vi.advanceTimersByTime(55 * dayMs)
  expect(called).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

it('never asks a timer for more than it holds', () => {
  const asked: number[] = []
  const plain = globalThis.setTimeout
  vi.stubGlobal('setTimeout', (callback: () => void, afterMs: number) => {
    asked.push(afterMs)
    return plain(callback, afterMs)
  })
  timerAt(Date.now, Infinity, () => {})
  vi.advanceTimersByTime(100 * dayMs)
  vi.unstubAllGlobals()
  expect(asked.length).toBeGreaterThan(3)
  expect(Math.max(...asked)).toBeLessThan(2 ** 31)
})
