/**
 * Uniform in [0, 1) with 32 bits, from nothing but its arguments: a run repeats whatever the number of workers.
 * Two rounds of MurmurHash3's finalizer, arrival first and draw second.
 */
export function uniform(salt: number, index: number, draw: number): number {
  // the upper half of a long run's arrival numbers takes part too
  const upper = index > 4_294_967_295 ? Math.floor(index / 4_294_967_296) : 0
  const first = mix((index >>> 0) ^ Math.imul(upper, 0x85eb_ca6b) ^ salt)
  return (mix(first ^ Math.imul(draw + 1, 0x9e37_79b1)) >>> 0) / 4_294_967_296
}

/** One number for all that the random numbers of a flow in a phase depend on. */
export function saltOf(seed: number, phase: number, flow: string): number {
  let salt = mix(seed | 0) ^ mix(Math.imul(phase + 1, 0x27d4_eb2f))
  for (let at = 0; at < flow.length; at++) salt = mix(salt ^ flow.charCodeAt(at))
  return salt
}

/** MurmurHash3's finalizer: a bijection on 32 bits. */
export function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return hash ^ (hash >>> 16)
}
