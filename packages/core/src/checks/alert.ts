import { CloudbenchError } from '../errors.ts'
import type { Source } from '../plugin/model.ts'
import { parseDuration } from '../text/units.ts'
import { parseCondition, type Condition } from './checks.ts'
import { parseScopedMetric, refuseImpossible, type KnownFlow, type ScopedMetric } from './scope.ts'

/** Something that must not happen, such as `rate: '< 850/s for 3m'`. */
export interface Alert {
  /** One fails the scenario; the other ends it as well. */
  readonly kind: 'alerts' | 'abort'
  readonly scoped: ScopedMetric
  /** As written. */
  readonly expression: string
  /** What is bad, or the direction of a trend that is. */
  readonly condition: Condition | Trend
  /** How long it has to last. Absent: it is judged over the whole measurement. */
  readonly lastsMs?: number
  /** Judged for those flows only whose target is in another zone than this machine. */
  readonly acrossZones: boolean
  /** Skipped, instead of failed, where there is nothing to read it from. */
  readonly isOfPreset: boolean
  /** Where it was written, if in a file. */
  readonly source?: Source
}

export type Trend = 'falling' | 'rising'

type Kind = Pick<Alert, 'kind' | 'isOfPreset'>

/** Reads an alert. Throws `CB_CHECK`, as for a check. */
export function parseAlert(
  kind: Kind,
  name: string,
  expression: string,
  flows?: readonly KnownFlow[],
): Alert {
  const scoped = parseScopedMetric(name)
  if (flows !== undefined) refuseImpossible(scoped, flows)
  const [, written = '', lasts, zones] =
    /^\s*(.*?)(?:\s+for\s+(.*?))?(\s+across\s+zones)?\s*$/s.exec(expression) ?? []
  const condition =
    written === 'falling' || written === 'rising'
      ? written
      : parseCondition(name, written, scoped.metric.unit)
  const lastsMs = lasts === undefined ? undefined : parseDuration(lasts)
  const refuse = (what: string, next: string): never => {
    throw new CloudbenchError({ code: 'CB_CHECK', what: `${name}: ${expression} ${what}`, next })
  }
  const isTrend = typeof condition === 'string'
  if (!isTrend && condition.operator === '==') refuse('is a single value', 'use <, <=, > or >=')
  if (isTrend && lastsMs !== undefined) refuse('is a trend of the whole measurement', `write ${written}`)
  if (lastsMs === 0) refuse('lasts no time', 'write a duration such as 10s')
  if (kind.kind === 'abort' && lastsMs === undefined)
    refuse('does not say for how long', isTrend ? 'make it an alert' : `write ${written} for 10s`)
  return {
    ...kind,
    scoped,
    expression: expression.trim(),
    condition,
    ...(lastsMs !== undefined && { lastsMs }),
    acrossZones: zones !== undefined,
  }
}
