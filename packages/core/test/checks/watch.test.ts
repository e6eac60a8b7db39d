import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAlert } from '../../src/checks/alert.ts'
import { Watch, type LastingAlert } from '../../src/checks/watch.ts'
import type { Interval } from '../../src/plugin/model.ts'
import { intervalsOf, phaseOf, times, type Stretch } from '../support/intervals.ts'

function watched(name: string, expression: string, intervals: readonly Interval[]): Watch {
  const watch = new Watch(parseAlert({ kind: 'abort', isOfPreset: false }, name, expression) as LastingAlert)
  for (const interval of intervals) watch.add(interval)
  return watch
}

const seconds = (name: string, expression: string, stretches: readonly Stretch[]): number | undefined => {
  const { firedMs } = watched(name, expression, intervalsOf(stretches))
  return firedMs === undefined ? undefined : firedMs / 1000
}

const good: Stretch = { ok: 10 }
const bad: Stretch = { ok: 6, failed: 4 }

describe('an alert that has to last', () => {
  it('fires when it has lasted, and not a second before', () => {
    expect(seconds('errors.rate', '> 20% for 10s', [...times(3, good), ...times(10, bad)])).toBe(13)
    expect(seconds('errors.rate', '> 20% for 10s', [...times(3, good), ...times(9, bad)])).toBeUndefined()
  })

  it('begins anew after a moment without', () => {
    const broken = [...times(9, bad), good, ...times(9, bad)]
    expect(seconds('errors.rate', '> 20% for 10s', broken)).toBeUndefined()
    expect(seconds('errors.rate', '> 20% for 10s', [...broken, bad])).toBe(20)
  })

  it('has the value that was the least bad in that time, or the worst that did not last', () => {
    const fired = watched('errors.rate', '> 20% for 3s', intervalsOf([bad, { ok: 7, failed: 3 }, bad]))
    expect(fired.worst).toBe(0.3)
    const calm = watched('rate', '< 5/s for 2s', intervalsOf([good, { ok: 4 }, good, { ok: 7 }, { ok: 8 }]))
    expect(calm.firedMs).toBeUndefined()
    expect(calm.worst).toBe(8)
  })

  it('judges three minutes by tenths of them: a second alone is noise', () => {
    // 840/s on average, every fifth second above 850/s
    const noisy = times(36, [{ ok: 820 }, { ok: 830 }, { ok: 840 }, { ok: 840 }, { ok: 870 }]).flat()
    expect(seconds('rate', '< 850/s for 3m', noisy)).toBeCloseTo(178, -1)
    expect(seconds('rate', '< 850/s for 3m', noisy.slice(0, 175))).toBeUndefined()
    // half a minute above it
    const recovered = noisy.map((one, at) => (at >= 90 && at < 120 ? { ok: 900 } : one))
    expect(seconds('rate', '< 850/s for 3m', recovered)).toBeUndefined()
  })

  it('finds three minutes wherever they begin', () => {
    for (const before of [1, 2, 60, 65, 71])
      for (const ok of [8, 1, 0]) {
        const low = [...times(before, { ok: 10 }), ...times(180, { ok }), ...times(30, { ok: 10 })]
        const firedAt = seconds('rate', '< 8.5/s for 3m', low)! - before
        expect(firedAt).toBeGreaterThanOrEqual(176)
        expect(firedAt).toBeLessThanOrEqual(180)
        const shorter = [...low.slice(0, before + 174), ...times(40, { ok: 10 })]
        expect(seconds('rate', '< 8.5/s for 3m', shorter)).toBeUndefined()
      }
  })

  it('counts whole intervals: never less than asked for', () => {
    const wide = times(5, { ...bad, spanMs: 3_000 })
    expect(seconds('errors.rate', '> 20% for 10s', wide)).toBe(12)
    expect(seconds('errors.rate', '> 20% for 100ms', wide)).toBe(3)
    expect(seconds('errors.rate', '> 20% for 1m', times(2, { ...bad, spanMs: 60_000 }))).toBe(60)
  })

  it('bears with intervals that end when a timer fires', () => {
    const uneven = times(5, [
      { ...bad, spanMs: 1_003 },
      { ...bad, spanMs: 995 },
    ]).flat()
    expect(seconds('errors.rate', '> 20% for 10s', uneven)).toBeCloseTo(9.99, 2)
  })

  it('takes a stretch without a value together with the next one that has one', () => {
    const idle: Stretch = {}
    expect(seconds('errors.rate', '> 20% for 4s', [bad, idle, idle, bad])).toBe(4)
    expect(watched('errors.rate', '> 20% for 4s', intervalsOf(times(9, idle)))).toMatchObject({
      worst: undefined,
      missing: 'there were no requests',
    })
    expect(watched('residency', '< 90% for 2s', intervalsOf(times(9, good))).missing).toBe(
      'there was no counter cache.hits; none are available',
    )
  })

  it('knows the rate of a target that has stopped to answer', () => {
    expect(seconds('rate', '< 5/s for 3s', [good, ...times(3, {})])).toBe(4)
    expect(seconds('get/rate', '< 5/s for 3s', [good, ...times(3, {})])).toBe(4)
    // one that has never answered, or is misspelt
    expect(seconds('gett/rate', '< 5/s for 3s', times(9, good))).toBeUndefined()
  })

  it('judges an interval that lacks the numbers of a late worker together with the next one', () => {
    const late = [good, { ok: 5, missing: 1 }, { ok: 15 }, { ok: 5, missing: 1 }, { ok: 15 }]
    expect(seconds('rate', '< 8/s for 1s', late)).toBeUndefined()
    expect(seconds('rate', '< 8/s for 1s', [good, { ok: 5 }])).toBe(2)
  })

  it('leaves out what comes after the end of the schedule', () => {
    const intervals = intervalsOf([...times(3, good), { ok: 0, failed: 1, spanMs: 5_000 }], phaseOf(3_000))
    const watch = watched('errors.rate', '> 20% for 2s', intervals)
    expect(watch.firedMs).toBeUndefined()
    expect(watch.spentMs).toBe(3_000)
  })

  it('goes on from one phase to the next', () => {
    const warmup = intervalsOf(times(3, bad), phaseOf(3_000, 'warmup'))
    expect(watched('errors.rate', '> 20% for 5s', [...warmup, ...intervalsOf(times(3, bad))]).firedMs).toBe(
      5_000,
    )
  })

  it('fires at the end of a run that is exactly as long, however its intervals are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 300, max: 3_000 }), { minLength: 1, maxLength: 50 }), (cuts) => {
        const spans: number[] = []
        for (let leftMs = 180_000; leftMs > 0; leftMs -= spans.at(-1)!)
          spans.push(Math.min(leftMs, cuts[spans.length % cuts.length]!))
        const slow = spans.map((spanMs): Stretch => ({ spanMs, ok: Math.floor(spanMs / 200) }))
        expect(seconds('rate', '< 8.5/s for 3m', slow)).toBeGreaterThanOrEqual(176)
      }),
      { numRuns: 20 },
    )
  })

  it('fires if and only if there is a stretch of that length in which all are bad', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 10 }),
        (areBad, lasts) => {
          const ends = areBad.map((_, at) => at + 1)
          const expected = ends.find(
            (end) => end >= lasts && areBad.slice(end - lasts, end).every((isBad) => isBad),
          )
          const stretches = areBad.map((isBad) => (isBad ? bad : good))
          expect(seconds('errors.rate', `> 20% for ${lasts}s`, stretches)).toBe(expected)
        },
      ),
    )
  })

  it('keeps no more than it needs, however long there is no value', () => {
    const watch = watched('residency', '< 90% for 1s', intervalsOf(times(2_000, good)))
    expect(JSON.stringify(watch).length).toBeLessThan(1_000)
    expect(watch.spentMs).toBe(2_000_000)
  })
})
