import type { MetricUnit } from '../plugin/model.ts'
import type { NumberVerdict, Verdict, VerdictReason } from '../plugin/verdict.ts'
import { formatCount, formatDuration, formatPercentage, formatRate, formatSize } from '../text/format.ts'

const formats: Readonly<Record<MetricUnit | 'ppm', (value: number, digits: number) => string>> = {
  ns: (value, digits) => formatDuration(value / 1e6, digits),
  share: formatPercentage,
  perSecond: formatRate,
  count: formatCount,
  bytesPerSecond: (value, digits) => `${formatSize(value, digits)}/s`,
  ppm: (value, digits) => `${formatCount(value, digits)} ppm`,
}

/** A value in the unit of its metric: `12.3 ms`, `500/s`, `0.1 %`. */
export function formatMeasure(value: number, unit: MetricUnit | 'ppm', digits = 3): string {
  return formats[unit](value, digits)
}

/**
 * What a verdict says of a number; undefined where it says nothing. Of a run with one flow, the number of the flow is that of
 * the whole. All times of a target that was saturated are as its quantiles are, also those that the verdict does not list.
 */
export function numberOf(
  verdict: Verdict | undefined,
  metric: string,
  flow?: string,
  operation?: string,
): NumberVerdict | undefined {
  const numbers = verdict?.numbers ?? []
  const flows = new Set(numbers.flatMap((number) => number.flow ?? []))
  const isAlone = flows.size === 0 || (flows.size === 1 && (flow === undefined || flows.has(flow)))
  const ofFlow = numbers.filter((number) => number.flow === flow || isAlone)
  const own = ofFlow.filter((number) => number.metric === metric && number.operation === operation)
  const [distribution] = metric.split('.', 1)
  return (
    own.find((number) => number.flow === flow) ??
    own[0] ??
    ofFlow.find(
      (number) => isSaturated(number) && isTime(metric) && number.metric.startsWith(`${distribution}.`),
    )
  )
}

function isTime(metric: string): boolean {
  return /^(response|service)\./.test(metric)
}

/** How a number is to be shown. `weak`: nothing is wrong with it, but that too few samples are behind it. */
export type Look = 'plain' | 'weak' | 'suspect' | 'invalid'

export function lookOf(number: NumberVerdict | undefined): Look {
  if (number === undefined || number.validity === 'valid' || number.validity === 'unknown') return 'plain'
  if (number.validity === 'invalid') return 'invalid'
  return number.codes.length > 0 && number.codes.every((code) => code === 'TOO_FEW_SAMPLES')
    ? 'weak'
    : 'suspect'
}

/** Whether to read it as `at least`: a lower bound, or a quantile that too few samples establish. */
export function isAtLeast({ isLowerBound = false, grade }: NumberVerdict): boolean {
  return isLowerBound || grade === 'not established'
}

/** A time of a target that fell behind: it grew for as long as the load went on, so it says nothing. One that may have is doubtful. */
export function isSaturated(number: NumberVerdict | undefined): boolean {
  return number?.unit === 'ns' && number.validity === 'invalid' && number.codes.includes('TARGET_SATURATED')
}

/** What stands before a number that is not to be taken as it is. */
export const numberSigns = {
  '?': 'does not measure the target',
  '~': 'may be off by more than its interval',
  '≥': 'at least',
} as const

/** What stands before a number: nothing where it can be taken as it is. A lower bound needs no other sign than `≥`. */
export function signOf(number: NumberVerdict): '?' | '~' | '' {
  if (lookOf(number) === 'invalid') return '?'
  const isOnlyBound = number.isLowerBound === true && number.codes.every((code) => code === 'LOWER_BOUND')
  return lookOf(number) === 'suspect' && !isOnlyBound ? '~' : ''
}

/** The number's text with its signs before it: `≥12.3 ms`, `?410/s`. Of a target that was saturated no number at all. */
export function markedNumber(text: string, number: NumberVerdict | undefined): string {
  if (number === undefined) return text
  return isSaturated(number) ? 'saturated' : `${signOf(number)}${isAtLeast(number) ? '≥' : ''}${text}`
}

/** The number with its 95 % interval: `12.3 ms (11.8–13.1)`, `12.3 ms (≥ 11.8)` where its upper end is open. */
export function formatNumber(number: NumberVerdict): string {
  const text = formatMeasure(number.value, number.unit)
  // an interval would say more than there is
  if (isAtLeast(number)) return `≥ ${text}`
  const interval = formatInterval(number)
  const suffix = suffixOf(text)
  // where all three have it, once is enough
  const isSame = ends(number).every((end) => suffixOf(end) === suffix)
  return interval === '' ? text : `${text} (${isSame ? interval.slice(0, -suffix.length) : interval})`
}

/** The 95 % interval: `11.8–13.1 ms`, `≥ 11.8 ms` where its upper end is open. Empty where there is none. */
export function formatInterval(number: NumberVerdict): string {
  const [low, high] = ends(number)
  if (low === undefined) return ''
  if (high === undefined) return `≥ ${low}`
  const suffix = suffixOf(low)
  return suffix === suffixOf(high) ? `${low.slice(0, low.length - suffix.length)}–${high}` : `${low}–${high}`
}

function ends({ interval, unit }: Pick<NumberVerdict, 'interval' | 'unit'>): string[] {
  if (interval === undefined) return []
  return [interval.low, interval.high].filter((end) => end !== null).map((end) => formatMeasure(end, unit))
}

/** `ms`, `k/s`: what follows the digits. */
function suffixOf(text: string): string {
  return /[^\d.]*$/.exec(text)![0]
}

/** `suspect above 1 %`, or `below` for what should be large. Empty for what is no number. */
export function formatThreshold({ observed, threshold, unit, validity }: VerdictReason): string {
  if (observed === undefined || threshold === undefined || unit === undefined) return ''
  return `${validity} ${observed < threshold ? 'below' : 'above'} ${formatMeasure(threshold, unit)}`
}

/** Where something was at its worst: `worst from 1 s to 2 s of measure`. Empty where that is not known. */
export function formatWindow({ window }: VerdictReason): string {
  if (window === undefined) return ''
  const [from, to] = [window.startMs, window.endMs].map((ms) => formatDuration(Math.round(ms)))
  return `worst from ${from} to ${to} of ${window.phase}`
}

/** How many of the signals could be read: `14 of 24 signals read`. Empty where none belong to it. */
export function formatCoverage({ signals }: Verdict): string {
  const read = signals.filter(({ validity }) => validity !== 'unknown').length
  return signals.length === 0 ? '' : `${read} of ${signals.length} signals read`
}
