/** What a generator did at one rate. */
export interface Step {
  readonly perSecond: number
  /** Of the worker that was the latest. */
  readonly lagP99Ms: number
  /** Of what came due, the share that was sent and answered in time. */
  readonly achieved: number
}

/** Above this, what is late is no longer a small part of a fast response. */
const lagLimitMs = 2
/** Below this, more comes due than is sent. */
const leastAchieved = 0.995

/** Of the closed loop's rate: an open loop costs more for each request, so the highest is rarely reached. */
const lowestShare = 0.15
const highestShare = 1.1
export const stepCount = 14

/** The rates to try, upward, each the same factor above the last: where the highest is depends on the machine. */
export function ratesFor(closedPerSecond: number): readonly number[] {
  const factor = (highestShare / lowestShare) ** (1 / (stepCount - 1))
  const rates = Array.from({ length: stepCount }, (_, step) =>
    Math.max(1, Number((closedPerSecond * lowestShare * factor ** step).toPrecision(2))),
  )
  return [...new Set(rates)]
}

export function isReached({ lagP99Ms, achieved }: Step): boolean {
  return lagP99Ms <= lagLimitMs && achieved >= leastAchieved
}

/** Before any rate was reached, so many misses are taken for disturbances. */
const patience = 4

/** Whether to try no higher rate: one miss may be a disturbance, two in a row above a rate that was reached are the end. */
export function isOver(steps: readonly Step[]): boolean {
  const misses = steps.length - 1 - steps.findLastIndex(isReached)
  return misses >= (steps.some(isReached) ? 2 : patience)
}

/** The highest rate that was reached; undefined where none was. */
export function ceilingIn(steps: readonly Step[]): Step | undefined {
  return steps.findLast(isReached)
}

/** Why a rate was not reached: `lag p99 3.1 ms`. */
export function missOf({ lagP99Ms, achieved }: Step): string {
  const lag = lagP99Ms > lagLimitMs ? [`lag p99 ${lagP99Ms.toFixed(1)} ms`] : []
  const share = achieved < leastAchieved ? [`${(achieved * 100).toFixed(1)} % achieved`] : []
  return [...lag, ...share].join(', ')
}
