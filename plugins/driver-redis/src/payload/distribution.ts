import type { Call } from '@cloudbench/core'
import type { RedisOptions } from '../options.ts'

/** Picks the key of a request: an index from 0. */
export type KeyChoice = (call: Call) => number

export function createKeyChoice({
  distribution,
  keys,
  theta,
}: Pick<RedisOptions, 'distribution' | 'keys' | 'theta'>): KeyChoice {
  return distribution === 'zipf' ? zipf(keys, theta) : (call) => Math.floor(call.random() * keys)
}

/**
 * Key k, from 0, with a probability proportional to 1/(k+1)^theta. Exact for any exponent, without a table: rejection
 * inversion, from W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", ACM TOMACS 6 (1996). Takes about 1.1 random numbers per key.
 */
function zipf(keys: number, theta: number): KeyChoice {
  // the integral of the hat x^-theta and its inverse, both written so that theta may be 1
  const integral = (x: number): number => expRatio((1 - theta) * Math.log(x)) * Math.log(x)
  const inverse = (y: number): number => {
    const t = Math.max(-1, y * (1 - theta))
    return Math.exp(logRatio(t) * y)
  }
  const hat = (x: number): number => Math.exp(-theta * Math.log(x))
  const first = integral(1.5) - 1
  const last = integral(keys + 0.5)
  const shortcut = 2 - inverse(integral(2.5) - hat(2))
  return (call) => {
    for (;;) {
      const y = last + call.random() * (first - last)
      const x = inverse(y)
      const rank = Math.min(keys, Math.max(1, Math.round(x)))
      if (rank - x <= shortcut || y >= integral(rank + 0.5) - hat(rank)) return rank - 1
    }
  }
}

/** (e^x − 1) / x, also near 0. */
function expRatio(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2
}

/** log(1 + x) / x, also near 0. */
function logRatio(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2
}
