import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  autocorrelation,
  batchesOf,
  effectiveSamples,
  growthOf,
  hampelClip,
  linearFit,
  meanInterval,
  mserCut,
  noiseOf,
  quantileInterval,
  segmentsOf,
  steadyStateOf,
} from '../src/index.ts'
import { batched } from './support/sample.ts'

const value = fc.oneof(
  fc.double({ min: 0, max: 1e12, noNaN: true }),
  // many that are the same, and none
  fc.integer({ min: 0, max: 3 }),
)
const series = fc.array(value, { maxLength: 80 })

/** What JSON would make `null` of: a test for NaN and infinity at any depth. */
const numbersIn = (found: unknown): number[] =>
  typeof found === 'number'
    ? [found]
    : found !== null && typeof found === 'object'
      ? Object.values(found).flatMap(numbersIn)
      : []

describe('no finite series makes a number that is none', () => {
  it.each<[string, (values: number[]) => unknown]>([
    ['autocorrelation', (values) => [1, 2, 7].map((lag) => autocorrelation(values, lag))],
    ['hampelClip', hampelClip],
    ['linearFit', linearFit],
    ['mserCut', mserCut],
    ['noiseOf', noiseOf],
    ['segmentsOf', (values) => segmentsOf(values, { penalty: 3 })],
    ['steadyStateOf', (values) => steadyStateOf(values)],
    ['meanInterval', (values) => meanInterval(values.map((sum, at) => ({ count: at % 4, sum })))],
    ['effectiveSamples', (values) => effectiveSamples(batched(batchesOf(values)))],
    ['quantileInterval', (values) => quantileInterval(0.99, batched(batchesOf(values)))],
  ])('%s', (_, of) => {
    fc.assert(
      fc.property(series, (values) => {
        for (const number of numbersIn(of(values))) expect(number).toSatisfy(Number.isFinite)
      }),
    )
  })

  it('growthOf, whose t alone is infinite for a line', () => {
    fc.assert(
      fc.property(series, (values) => {
        const { t = 0, ...rest } = growthOf(values) ?? {}
        expect(t).not.toBeNaN()
        for (const number of numbersIn(rest)) expect(number).toSatisfy(Number.isFinite)
      }),
    )
  })
})
