import { Histogram, type HistogramView, type PlannedCheck } from '@cloudbench/core'

/** Within every decade. */
const steps = [1, 1.5, 2, 3, 5, 7.5]
const firstNs = 1_000
const decades = 8

/** Values that histograms distinguish, ascending: how many are at most one of them is known to the request. */
export type Edges = readonly number[]

/**
 * From 1 µs to 75 s in six steps per decade, and what checks compare times with. Each is the highest value of the
 * histogram's bucket that it falls into, at most 0.1 % higher.
 */
export function edgesOf(checks: readonly Pick<PlannedCheck, 'limits' | 'unit'>[]): Edges {
  const limits = checks.flatMap(({ unit, limits: all }) => (unit === 'ns' ? all : []))
  const wanted = Array.from({ length: decades }, (_, decade) =>
    steps.map((step) => step * firstNs * 10 ** decade),
  ).flat()
  const edges = [...wanted, ...limits].flatMap((valueNs) => bucketEnd(valueNs) ?? [])
  return [...new Set(edges)].toSorted((a, b) => a - b)
}

/** Nothing for a value beyond the range of a histogram. */
function bucketEnd(valueNs: number): number | undefined {
  const [bucket] = Histogram.of([valueNs]).buckets()
  return bucket?.highestNs
}

/** How many values are at most each edge. */
export function countsAt(histogram: HistogramView, edges: Edges): number[] {
  const counts = edges.map(() => 0)
  let at = 0
  let seen = 0
  for (const { highestNs, count } of histogram.buckets()) {
    while (at < edges.length && highestNs > edges[at]!) counts[at++] = seen
    seen += count
  }
  return counts.fill(seen, at)
}
