import { expect, test, vi } from 'vitest'
import { within } from '../../src/index.ts'

test('work that is never done is given up, and its timer goes with work that is', async () => {
  vi.useFakeTimers()
  try {
    const late = within(5_000, () => new Promise(() => {})).catch((error: unknown) => error)
    vi.advanceTimersByTime(5_000)
    expect(await late).toMatchObject({ code: 'ETIMEDOUT', message: 'no answer within 5 s' })
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
