import type { NumberVerdict, Verdict } from '@cloudbench/core'
import { numberOf } from '@cloudbench/core/text'
import type { Cell } from './cell.ts'
import type { Columns } from './columns.ts'

const quantiles = { p50: 'p50', p90: 'p90', p95: 'p95', p99: 'p99', p999: 'p99.9' } as const

/**
 * Whether a row can be believed: the verdict of its scenario and the codes of its reasons, and of its rate and latency the
 * 95 % interval and how it stands. Latency is `response` in an open loop, else `service`, as in the flat line.
 */
export function verdictColumns(
  verdict: Verdict | undefined,
  flow: string,
  operation: string | undefined,
  isOpen: boolean,
): Columns {
  const basis = isOpen ? 'response' : 'service'
  const of = (metric: string): NumberVerdict | undefined => {
    const number = numberOf(verdict, metric, flow, operation)
    // one that it does not list may stand like others of its kind, but is not one of them
    return number?.metric === metric ? number : undefined
  }
  const rate = of('rate')
  return [
    ['verdict', verdict?.validity],
    ['verdict_reasons', verdict && [...new Set(verdict.reasons.map(({ code }) => code))].join(' ')],
    ['rate_validity', rate?.validity],
    ['rate_low_per_sec', rate?.interval && rounded(rate.interval.low)],
    ['rate_high_per_sec', endOf(rate?.interval?.high, rounded)],
    ...Object.entries(quantiles).flatMap(([label, name]): Columns => {
      const number = of(`${basis}.${name}`)
      return [
        [`latency_${label}_validity`, number?.validity],
        [`latency_${label}_low_ms`, number?.interval && ms(number.interval.low)],
        [`latency_${label}_high_ms`, endOf(number?.interval?.high, ms)],
      ]
    }),
  ]
}

/** Empty where there is no interval, or its upper end is open. */
function endOf(high: number | null | undefined, format: (value: number) => number): Cell {
  return high === null || high === undefined ? undefined : format(high)
}

function ms(ns: number): number {
  return Math.round(ns / 1e3) / 1e3
}

function rounded(value: number): number {
  return Number(value.toFixed(3))
}
