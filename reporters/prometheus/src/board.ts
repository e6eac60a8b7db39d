import type { Run } from '@cloudbench/core'
import { edgesOf } from './edges.ts'
import { exposition, type Exposed } from './exposition.ts'
import { labelsOf } from './labels.ts'
import type { PrometheusOptions } from './options.ts'
import { begun, type Progress } from './progress.ts'

/** The scenarios of a run, and how far each has come. */
export interface Board {
  begin(run: Run): void
  of(scenario: string): Exposed
  change(scenario: string, next: (progress: Progress) => Progress): Exposed
  readonly all: readonly Exposed[]
  text(exposed: readonly Exposed[]): Promise<string>
}

export function createBoard(options: PrometheusOptions, nameOf: (text: string) => string): Board {
  const scenarios = new Map<string, Exposed>()
  let edges = edgesOf([])
  return {
    begin(run) {
      // the same for all, so that they can be added up
      edges = edgesOf(run.scenarios.flatMap(({ checks = [] }) => checks))
      for (const scenario of run.scenarios)
        scenarios.set(scenario.id, {
          progress: begun(run, scenario),
          labels: labelsOf(scenario, options, nameOf),
        })
    },
    of: (scenario) => scenarios.get(scenario)!,
    change(scenario, next) {
      const { progress, labels } = scenarios.get(scenario)!
      const changed = { labels, progress: next(progress) }
      scenarios.set(scenario, changed)
      return changed
    },
    get all() {
      return [...scenarios.values()]
    },
    text: (exposed) => exposition(exposed, { edges, nameOf }),
  }
}
