import { describe, expect, it } from 'vitest'
import { extentAt, HistogramRecorder } from '../../src/metrics/recorder.ts'

describe('many values at once', () => {
  it('are recorded as one by one', () => {
    const values = Array.from({ length: 5000 }, (_, at) => 1e12 * 1.2 - at * 2e8 - at * at * 1000)
    const [one, many] = [new HistogramRecorder(), new HistogramRecorder()]
    for (const value of values) one.record(value)
    many.recordMany(values.length, (at) => values[at]!)
    const [expected, data] = [one.drain(), many.drain()]
    const { sum } = extentAt
    expect(data.extent[sum]! / expected.extent[sum]!).toBeCloseTo(1, 4)
    data.extent[sum] = expected.extent[sum]!
    expect(data).toEqual(expected)
    expect(many.drain().count).toBe(0)
  })

  it('take steps for the slots that they fill, not for each of them, and stay exact beyond 32 bits', () => {
    const recorder = new HistogramRecorder()
    let steps = 0
    recorder.recordMany(600e9, (at) => {
      steps++
      return 65e9 - at / 10
    })
    const { count, counts, extent } = recorder.drain()
    expect(count).toBe(600e9)
    expect(counts.reduce((sum, slot) => sum + slot, 0)).toBe(600e9)
    expect([Math.round(extent[extentAt.min]!), extent[extentAt.max]]).toEqual([5e9, 65e9])
    expect(steps).toBeLessThan(500_000)
  })
})
