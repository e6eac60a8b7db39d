import { readFileSync } from 'node:fs'
import type { Batch, Noise } from '../../src/index.ts'

interface References {
  readonly normal: ReadonlyArray<readonly [p: number, z: number]>
  readonly student: ReadonlyArray<readonly [p: number, degrees: number, t: number]>
  readonly series: ReadonlyArray<{
    readonly name: string
    readonly values: readonly number[]
    /** At lags of 1, 2 and 5. */
    readonly autocorrelation: readonly number[]
    readonly slope: number
    readonly intercept: number
    readonly slopeError: number
    readonly median: number
    readonly deviation: number
    readonly hampel: readonly number[]
    readonly noise: Noise
    readonly mser: number
  }>
  readonly means: ReadonlyArray<{
    readonly batches: readonly Batch[]
    readonly mean: number
    readonly standardError: number
    readonly low: number
    readonly high: number
  }>
  readonly quantiles: {
    readonly samples: ReadonlyArray<readonly number[]>
    readonly intervals: ReadonlyArray<{
      readonly q: number
      readonly value: number
      readonly low: number
      readonly high: number | null
    }>
  }
  readonly shifts: ReadonlyArray<{
    readonly differences: readonly number[]
    /** Of the two-sided signed-rank test. */
    readonly p: number
    readonly shift: number
    readonly interval: readonly [low: number, high: number] | null
  }>
}

/** What SciPy and NumPy say, written by `fixtures/references.py`. */
export const references = JSON.parse(
  readFileSync(new URL('../fixtures/references.json', import.meta.url), 'utf8'),
) as References
