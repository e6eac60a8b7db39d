import { describe, expect, it } from 'vitest'
import { Tally } from '../../src/worker/tally.ts'

describe('an outcome', () => {
  it('is the same object whenever it is requested', () => {
    const tally = new Tally('work')
    expect(tally.outcome('hit')).toBe(tally.outcome('hit'))
    expect(tally.outcome('hit', { operation: 'get' })).not.toBe(tally.outcome('hit'))
    expect(tally.outcome('hit').operation).toBe('work')
  })

  it('cannot mean success here and failure there', () => {
    const tally = new Tally('work')
    tally.outcome('miss')
    expect(() => tally.outcome('miss', { ok: false })).toThrow(
      /declared with ok: true and again with ok: false/,
    )
  })

  it('counts as other when there are too many', () => {
    const tally = new Tally('work')
    for (let n = 0; n < 1000; n++) tally.answered(tally.outcome(`error ${n}`, { ok: false }), 0, 0, 1, false)
    const { operations } = tally.drain()
    expect(Object.keys(operations[0]!.outcomes).length).toBeLessThan(260)
    expect(operations[0]!.outcomes['other failure']!.count).toBeGreaterThan(700)
    expect(operations[0]!.failed).toBe(1000)
  })

  it('that was not made by the context is refused, with what to do', () => {
    const tally = new Tally('work')
    expect(() => tally.answered({ name: 'hit', ok: true, operation: 'work' }, 0, 0, 1, false)).toThrow(
      /answered a request with its own object, named "hit"/,
    )
    expect(() => tally.answered(undefined as never, 0, 0, 1, false)).toThrow(
      /answered a request with undefined/,
    )
    expect(() => tally.answered(new Tally('other').outcome('hit'), 0, 0, 1, false)).toThrow(/its own object/)
  })
})
