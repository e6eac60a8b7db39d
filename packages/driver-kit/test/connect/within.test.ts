import { expect, test, vi } from 'vitest'
import { within } from '../../src/index.ts'

test('work that is never done is given up, and its timer goes with work that is', async () => {
  vi.useFakeTimers()
  try {
    const late = expect(within(5_000, () => new Promise(() => {}))).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: 'no answer within 5 s',
    })
    vi.advanceTimersByTime(5_000)
    await late
    expect(await within(5_000, () => 'done')).toBe('done')
    await expect(
      within(5_000, () => {
        throw new Error('refused')
      }),
    ).rejects.toThrow('refused')
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
