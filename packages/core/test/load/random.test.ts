import { describe, expect, it } from 'vitest'
import { saltOf, uniform } from '../../src/load/random.ts'

describe('the random numbers of a request', () => {
  it('depend on seed, phase, flow, arrival and draw, and on nothing else', () => {
    const base = uniform(saltOf(1, 0, 'main'), 7, 0)
    expect(uniform(saltOf(1, 0, 'main'), 7, 0)).toBe(base)
    const others = [
      uniform(saltOf(2, 0, 'main'), 7, 0),
      uniform(saltOf(1, 1, 'main'), 7, 0),
      uniform(saltOf(1, 0, 'other'), 7, 0),
      uniform(saltOf(1, 0, 'main'), 8, 0),
      uniform(saltOf(1, 0, 'main'), 7 + 2 ** 32, 0),
      uniform(saltOf(1, 0, 'main'), 7, 1),
    ]
    expect(new Set([base, ...others]).size).toBe(7)
  })

  it('are uniform, over arrivals and over draws', () => {
    for (const draw of [(n: number) => uniform(5, n, 0), (n: number) => uniform(5, 1, n)]) {
      const bins = Array.from({ length: 20 }, () => 0)
      for (let n = 0; n < 100_000; n++) bins[Math.floor(draw(n) * 20)]!++
      const chiSquare = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)
      // 19 degrees of freedom: 43.8 is the 0.1 % point
      expect(chiSquare).toBeLessThan(43.8)
    }
  })

  it('of neighbouring arrivals are not correlated', () => {
    let sum = 0
    const n = 50_000
    for (let arrival = 0; arrival < n; arrival++)
      sum += (uniform(9, arrival, 0) - 0.5) * (uniform(9, arrival + 1, 0) - 0.5)
    // the correlation has a standard error of 1/√n
    expect(Math.abs((sum / n) * 12)).toBeLessThan(4 / Math.sqrt(n))
  })
})
