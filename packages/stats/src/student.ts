import { normalQuantile } from './normal.ts'

/** Beyond, the expansion around the normal distribution is exact to twelve digits. */
const largestSum = 200

/**
 * The quantile of Student's t distribution for a whole number of degrees of freedom: −∞ at 0, ∞ at 1.
 *
 * Inverts the finite sums of Abramowitz & Stegun 26.7.3 and 26.7.4; for many degrees of freedom the Cornish–Fisher
 * expansion, 26.7.5. Agrees with SciPy to nine digits from 1e-7 to 1 − 1e-7; further out digits are lost, at 1e-12 all but five.
 *
 * @throws RangeError if `p` is no probability, or `degrees` no whole number of at least 1.
 */
export function studentQuantile(p: number, degrees: number): number {
  if (!Number.isInteger(degrees) || degrees < 1)
    throw new RangeError(`degrees of freedom are a whole number from 1, not ${degrees}`)
  const normal = normalQuantile(p)
  if (!Number.isFinite(normal) || normal === 0) return normal
  if (degrees > largestSum) return cornishFisher(normal, degrees)
  const between = Math.abs(2 * p - 1)
  let low = 0
  let high = Math.PI / 2
  // 60 halvings: as far as a double goes
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (shareWithin(middle, degrees) < between) low = middle
    else high = middle
  }
  return Math.sign(normal) * Math.sqrt(degrees) * Math.tan((low + high) / 2)
}

/**
 * How many standard errors an interval reaches to either side.
 *
 * @throws RangeError if `confidence` is not from 0 to below 1: nothing finite is certain.
 */
export function reachOf(confidence: number, degrees: number): number {
  if (!(confidence >= 0 && confidence < 1))
    throw new RangeError(`a confidence is from 0 to below 1, not ${confidence}`)
  return studentQuantile((1 + confidence) / 2, degrees)
}

/** P(|T| ≤ √ν·tan θ). */
function shareWithin(angle: number, degrees: number): number {
  const cosine = Math.cos(angle)
  const isOdd = degrees % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = 0
  for (let power = isOdd ? 1 : 0; power <= degrees - 2; power += 2) {
    sum += term
    term *= ((power + 1) / (power + 2)) * cosine * cosine
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum
}

function cornishFisher(z: number, degrees: number): number {
  const square = z * z
  const first = (z * (square + 1)) / 4
  const second = (z * ((5 * square + 16) * square + 3)) / 96
  const third = (z * (((3 * square + 19) * square + 17) * square - 15)) / 384
  const fourth = (z * ((((79 * square + 776) * square + 1482) * square - 1920) * square - 945)) / 92_160
  return z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees
}
