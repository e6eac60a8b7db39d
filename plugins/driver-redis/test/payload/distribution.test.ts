import { callOf } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { createKeyChoice } from '../../src/payload/distribution.ts'

const draws = 200_000

function countsOf(distribution: 'uniform' | 'zipf', keys: number, theta: number): number[] {
  const choose = createKeyChoice({ distribution, keys, theta })
  const counts = Array.from({ length: keys }, () => 0)
  for (let index = 0; index < draws; index++) {
    const key = choose(callOf(index))
    counts[key]! += 1
  }
  return counts
}

/** Pearson's statistic; its mean is the degrees of freedom, its standard deviation the root of twice that. */
function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  return counts.reduce(
    (sum, count, at) => sum + (count - draws * shares[at]!) ** 2 / (draws * shares[at]!),
    0,
  )
}

describe('zipf', () => {
  test.each([0.5, 0.99, 1, 1.2, 2])('with exponent %d is the law', (theta) => {
    const weights = Array.from({ length: 100 }, (_, at) => (at + 1) ** -theta)
    const sum = weights.reduce((total, weight) => total + weight, 0)
    const shares = weights.map((weight) => weight / sum)
    expect(chiSquare(countsOf('zipf', 100, theta), shares)).toBeLessThan(99 + 5 * Math.sqrt(2 * 99))
  })

  test('over one key is that key', () => {
    expect(countsOf('zipf', 1, 0.99)).toEqual([draws])
  })
})

test('uniform is the same for every key', () => {
  const counts = countsOf('uniform', 100, 1)
  expect(
    chiSquare(
      counts,
      counts.map(() => 0.01),
    ),
  ).toBeLessThan(99 + 5 * Math.sqrt(2 * 99))
})
