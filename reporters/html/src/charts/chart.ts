/** How values of a chart are written. */
export type Unit = 'ns' | 'perSecond' | 'share' | 'count' | 'bytes' | 'ms'

export interface Series {
  readonly label: string
  /** Which of the colours of the page it has. */
  readonly color: number
  readonly dash?: readonly number[]
  /** Whether the area below it is filled. */
  readonly filled?: boolean
  readonly values: readonly (number | null)[]
}

/** What the script of the page draws. All charts have one set of x values. */
export type Chart = LineChart | HeatChart

export interface LineChart {
  /** Over time, or over the share of requests that were as fast. */
  readonly kind: 'time' | 'quantiles'
  readonly unit: Unit
  readonly isLog: boolean
  readonly x: readonly number[]
  /** What is to be seen of x. */
  readonly span: readonly [from: number, to: number]
  readonly series: readonly Series[]
  /** Until when the load is a warm-up, in seconds. */
  readonly warmupEnd?: number
  /** Where reasons of the verdict were at their worst, in seconds. */
  readonly disturbed?: readonly (readonly [from: number, to: number])[]
  /** Charts of one group show the same time under the cursor. */
  readonly group: string
}

export interface HeatChart {
  readonly kind: 'heat'
  readonly group: string
  /** Where each column begins and the last one ends, in seconds. */
  readonly edges: readonly number[]
  readonly rowsPerDecade: number
  /** For each column, row and count by turns. Row `r` is from 10^(r/rowsPerDecade) nanoseconds on. */
  readonly columns: readonly (readonly number[])[]
  readonly warmupEnd?: number
}

/** Charts by the id of their place in the page. */
export type Charts = Record<string, Chart>

/** Four digits are more than a screen shows. */
export function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null
}
