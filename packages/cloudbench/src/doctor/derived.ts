import type { Survey } from '@cloudbench/core/program'
import type { Settings } from '../settings.ts'

/** What an environment derives from this machine, and whether a run would take it. */
export type DerivedFinding = Survey['derived'][number] & {
  /** Whether a run asks the environment. */
  readonly isConfigured: boolean
  /** Where a value was written that wins over it. */
  readonly overriddenBy?: string
}

/** Holds what was derived against what people have written. */
export function derivedOf({ derived, environments }: Survey, config: Settings): readonly DerivedFinding[] {
  const configured = new Set(environments.flatMap(({ name, isConfigured }) => (isConfigured ? name : [])))
  const entries = new Map(config.entries().map((entry) => [entry.path, entry]))
  return derived.map((setting) => {
    const entry = entries.get(setting.path)
    const layer = entry && config.layerOf(entry.keys)
    return {
      ...setting,
      isConfigured: configured.has(setting.environment),
      ...(entry && layer !== 'built-in' && layer !== 'derived' && { overriddenBy: entry.origin }),
    }
  })
}
