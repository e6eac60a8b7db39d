import type { Scenario } from '@cloudbench/core'
import type { PrometheusOptions } from './options.ts'

export type Labels = Readonly<Record<string, string>>

/** Names of labels that metrics have, that a group has, and that Prometheus adds. */
export const reservedLabels: ReadonlySet<string> = new Set([
  'audit',
  'check',
  'client',
  'cluster',
  'code',
  'configuration',
  'counter',
  'distribution',
  'driver',
  'flow',
  'instance',
  'job',
  'kind',
  'le',
  'machine',
  'metric',
  'name',
  'ok',
  'operation',
  'origin',
  'outcome',
  'phase',
  'quantile',
  'reason',
  'recorder',
  'run',
  'scenario',
  'signal',
  'tags',
  'target',
  'unit',
  'validity',
  'version',
  'worker',
  'workload',
])

/** `team=payments` or `team:payments`: a label of its own. */
const pair = /^(?<key>[A-Za-z0-9_]+)[=:](?<value>.+)$/s

/**
 * What distinguishes a scenario from others, beside the job. Tags of the form `key=value` or `key:value` become labels
 * `tag_key`, so that they never meet a label of a metric; all others are words of one label `tags`, in alphabetical order,
 * since the same scenario must have the same labels in every run.
 */
export function labelsOf(
  { id, tags }: Pick<Scenario, 'id' | 'tags'>,
  { cluster, instance, labels }: Pick<PrometheusOptions, 'cluster' | 'instance' | 'labels'>,
  nameOf: (text: string) => string,
): Labels {
  const words: string[] = []
  const named: Record<string, string> = {}
  for (const tag of tags.toSorted()) {
    const { key, value } = pair.exec(tag)?.groups ?? {}
    if (key === undefined || value === undefined) {
      words.push(tag)
      continue
    }
    const name = `tag_${key}`
    named[name] = named[name] === undefined ? value : `${named[name]},${value}`
  }
  const all = {
    scenario: id,
    ...named,
    ...(words.length > 0 && { tags: words.join(',') }),
    ...labels,
    ...(cluster !== undefined && { cluster }),
    ...(instance !== undefined && { instance }),
  }
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, nameOf(value)]))
}
