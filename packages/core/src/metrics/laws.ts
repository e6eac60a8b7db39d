import type { Metrics } from '../plugin/model.ts'
import type { Histogram } from './histogram.ts'
import { highestOf, lowestOf, rangeNs, slotOf } from './layout.ts'
import { sentOf } from './record.ts'

/** Sums of fractions are rounded. */
const rounding = 1e-6

/** What the exact numbers of a histogram and its slots say differently; undefined when they agree. */
export function histogramFlaw(histogram: Histogram): string | undefined {
  const { data, count, min, max, sum, overflow } = histogram
  const { slots, counts } = data
  const inSlots = counts.reduce((all, one) => all + one, 0)
  if (inSlots + overflow !== count) return `a histogram of ${count} values contains ${inSlots + overflow}`
  if (count === 0) return 'a histogram without values, which is null'
  if (!(min >= 0 && min <= max)) return `a histogram from ${min} to ${max}`
  const first = slots[0]
  const last = slots.at(-1)
  const isFirst = first === undefined ? min >= rangeNs : min < rangeNs && slotOf(min) === first
  if (!isFirst) return `the smallest value of a histogram is ${min}, but its slots begin elsewhere`
  const isLast = overflow > 0 ? max >= rangeNs : max < rangeNs && slotOf(max) === last
  if (!isLast) return `the largest value of a histogram is ${max}, but its slots end elsewhere`
  let lowest = overflow * rangeNs
  let highest = overflow * max
  for (const [at, slot] of slots.entries()) {
    lowest += lowestOf(slot) * counts[at]!
    highest += (highestOf(slot) + 1) * counts[at]!
  }
  if (sum < lowest * (1 - rounding) || sum > highest * (1 + rounding))
    return `the values of a histogram add up to ${sum}, which its slots cannot`
  return undefined
}

/** What the counts of an operation and its distributions say differently; undefined when they agree. */
export function metricsFlaw(metrics: Metrics, isOpen: boolean): string | undefined {
  const { ok, failed, timedOut, unanswered, unsent, sent, scheduled, censored, outcomes } = metrics
  const { service, failures, response, lag } = metrics
  const succeeded = ok + timedOut + unanswered
  const outcome = (isOk: boolean): number =>
    Object.values(outcomes).reduce((sum, one) => sum + (one.ok === isOk ? one.count : 0), 0)
  const laws: readonly (readonly [name: string, value: number, expected: number])[] = [
    ['sent', sent, sentOf(metrics)],
    ['scheduled', scheduled, sent + unsent],
    ['ok', ok, outcome(true)],
    ['failed', failed, outcome(false)],
    ['service.count', service.count, succeeded],
    ['failures.count', failures.count, failed],
    ['response.count', response.count, isOpen ? succeeded + unsent : 0],
    ['lag.count', lag.count, isOpen ? sent : 0],
  ]
  const broken = laws.find(([, value, expected]) => value !== expected)
  if (broken !== undefined) return `${broken[0]} is ${broken[1]}, but the other counts make ${broken[2]}`
  return censored > response.count
    ? `censored is ${censored}, more than the ${response.count} values of response`
    : undefined
}
