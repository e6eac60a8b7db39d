import { Histogram, requestCostOf, type GeneratorSample, type ScenarioResult } from '@cloudbench/core'
import { formatDuration, formatPercentage, formatPlacement, formatSize, visible } from '@cloudbench/core/text'
import { time } from './columns.ts'
import { wrap } from './lines.ts'

/** What the generator cost, as lines. */
export function generatorLine(result: ScenarioResult, columns: number): string[] {
  const samples = samplesOf(result)
  if (samples.length === 0) return []
  const gcMs = samples.reduce((sum, sample) => sum + sample.gcMs, 0)
  const hiccup = Histogram.sum(samples.map((sample) => sample.hiccup))
  const rssBytes = Math.max(...samples.map((sample) => sample.rssBytes))
  const { cpuNs, allocatedBytes } = requestCostOf(result)
  const costs = [
    ...(cpuNs > 0 ? [`${time(cpuNs)} of CPU`] : []),
    ...(allocatedBytes > 0 ? [`${formatSize(allocatedBytes)} of heap`] : []),
  ]
  const parts = [
    ...(costs.length > 0 ? [`${costs.join(' and ')} per request`] : []),
    `busy ${formatPercentage(busyOf(samples))} of the time`,
    ...(gcMs > 0 ? [`GC ${formatDuration(gcMs)}`] : []),
    ...(hiccup.count > 0 ? [`held up p99 ${time(hiccup.percentile(99))}`] : []),
    ...(rssBytes > 0 ? [`${formatSize(rssBytes)} of memory`] : []),
    ...formatPlacement(result.workers).map(visible),
  ]
  return wrap(
    parts.map((part, at) => (at === 0 ? `generator: ${part}` : part)),
    columns,
  )
}

function busyOf(samples: readonly GeneratorSample[]): number {
  return Math.max(...samples.map(({ busy }) => busy))
}

function samplesOf({ phases }: ScenarioResult): readonly GeneratorSample[] {
  return phases.filter(({ phase }) => phase.kind === 'measure').flatMap(({ generators }) => generators)
}
