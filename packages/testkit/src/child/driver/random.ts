/** Uniform in [0, 1), from nothing but its arguments, as the random numbers of a call are. */
export function uniform(salt: number, index: number, draw: number): number {
  let hash = Math.imul(salt ^ (index + 1), 0x9e37_79b1) ^ Math.imul(draw + 1, 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39)
  return ((hash ^ (hash >>> 15)) >>> 0) / 4_294_967_296
}
