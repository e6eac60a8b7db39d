import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchSilence } from '../../src/client/silence.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('silence is called once, after two to three intervals without a word', () => {
  const onSilence = vi.fn<() => void>()
  const watch = watchSilence(1_000, onSilence)
  for (let second = 0; second < 10; second++) {
    vi.advanceTimersByTime(1_500)
    watch.heard()
  }
  vi.advanceTimersByTime(1_999)
  expect(onSilence).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_001)
  expect(onSilence).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(60_000)
  expect(onSilence).toHaveBeenCalledTimes(1)
})

test('it is not watched for with 0, or after a stop', () => {
  const onSilence = vi.fn<() => void>()
  watchSilence(0, onSilence)
  watchSilence(1_000, onSilence).stop()
  vi.advanceTimersByTime(60_000)
  expect(onSilence).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})
