import { normalQuantile } from '../../src/index.ts'

/** Uniform in (0, 1), the same for the same seed: a Weyl sequence through MurmurHash3's finalizer. */
export function uniforms(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e37_79b1)
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let hash = state
    hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
    return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296 + 2 ** -33
  }
}

/** First-order autoregression with a standard deviation of 1. */
export function correlatedNoise(seed: number, length: number, correlation: number): number[] {
  const uniform = uniforms(seed)
  const scale = Math.sqrt(1 - correlation ** 2)
  let value = normalQuantile(uniform())
  return Array.from({ length }, () => {
    value = correlation * value + scale * normalQuantile(uniform())
    return value
  })
}

/** What a single server did, first come, first served. */
export interface Queue {
  /** In seconds, in the order of arrival. */
  readonly arrivals: readonly number[]
  readonly responses: readonly number[]
}

/** M/M/1 over some seconds, by the Lindley recursion, begun in equilibrium: P(wait > t) = ρ·e^(−(μ−λ)t). */
export function queueOf(
  seed: number,
  load: { readonly perSecond: number; readonly servedPerSecond: number; readonly seconds: number },
): Queue {
  const { perSecond, servedPerSecond, seconds } = load
  const uniform = uniforms(seed)
  const exponential = (rate: number): number => -Math.log(uniform()) / rate
  const arrivals: number[] = []
  const responses: number[] = []
  let free = uniform() < perSecond / servedPerSecond ? exponential(servedPerSecond - perSecond) : 0
  for (let now = exponential(perSecond); now < seconds; now += exponential(perSecond)) {
    free = Math.max(free, now) + exponential(servedPerSecond)
    arrivals.push(now)
    responses.push(free - now)
  }
  return { arrivals, responses }
}
