import type { HistogramView } from '@cloudbench/core'
import { Registry } from 'prom-client'
import { countsAt, type Edges } from './edges.ts'
import { families } from './families.ts'
import type { Family } from './family.ts'
import type { Labels } from './labels.ts'
import type { Progress } from './progress.ts'

/** A scenario, and what its series have in common. */
export interface Exposed {
  readonly progress: Progress
  readonly labels: Labels
}

export interface ExpositionOptions {
  readonly edges: Edges
  /** Takes secrets out of a name, and keeps names apart that differ in nothing else. */
  readonly nameOf: (text: string) => string
}

export const contentType: string = Registry.PROMETHEUS_CONTENT_TYPE

/** What the library writes as a line. */
interface Line {
  readonly metricName?: string
  readonly labels: Labels
  /** Written once for all lines that have this object. */
  readonly sharedLabels: Labels
  readonly value: number
}

/** Labels whose values are words of ours: a password may be one of them, and is not meant. */
const ownWords = new Set(['distribution', 'kind', 'ok', 'origin', 'reason', 'unit', 'worker'])

/** Everything that is known of some scenarios, in the text format of Prometheus. */
export async function exposition(
  exposed: readonly Exposed[],
  { edges, nameOf }: ExpositionOptions,
): Promise<string> {
  const registry = new Registry()
  const shown = (labels: Labels): Labels =>
    Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [name, ownWords.has(name) ? value : nameOf(value)]),
    )
  for (const family of families) {
    const values = exposed.flatMap(({ progress, labels }) =>
      Array.from(family.read(progress)).flatMap((sample): Line[] => {
        const sharedLabels = { ...shown(sample.labels), ...labels }
        return 'histogram' in sample
          ? linesOf(family, sample.histogram, sharedLabels, edges)
          : [{ labels: {}, sharedLabels, value: sample.value }]
      }),
    )
    const { name, help, type } = family
    // counts are ready: the library's own metrics would want every value one by one
    if (values.length > 0)
      registry.registerMetric({ name, help, type, get: () => ({ name, help, type, values }) } as never)
  }
  return await registry.metrics()
}

function linesOf({ name }: Family, view: HistogramView, sharedLabels: Labels, edges: Edges): Line[] {
  const counts = countsAt(view, edges)
  const line = (suffix: string, value: number, labels: Labels = {}): Line => ({
    metricName: `${name}_${suffix}`,
    labels,
    sharedLabels,
    value,
  })
  return [
    ...edges.map((edgeNs, at) => line('bucket', counts[at]!, { le: String(edgeNs / 1e9) })),
    line('bucket', view.count, { le: '+Inf' }),
    line('sum', view.sum / 1e9),
    line('count', view.count),
  ]
}
