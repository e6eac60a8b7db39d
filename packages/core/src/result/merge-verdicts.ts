import { parseMetric } from '../checks/metric.ts'
import { select } from '../checks/scope.ts'
import { worstOf } from '../checks/validity.ts'
import type { Measured } from '../metrics/metrics.ts'
import type { NumberVerdict, SignalVerdict, SteadyState, Verdict } from '../plugin/verdict.ts'

/**
 * One verdict for the runs of a scenario. Each was judged by the course of its own time, of which there is none for the sum:
 * so a number is what the sum says, without an interval, and as good as in the worst run. Undefined where no run has one.
 */
export function mergeVerdicts(
  parts: readonly (Verdict | undefined)[],
  measured: Measured,
): Verdict | undefined {
  const known = parts.filter((part) => part !== undefined)
  const [first] = known
  if (first === undefined) return undefined
  const validities = parts.map((part) => part?.validity ?? 'unknown')
  const limits = new Set(known.flatMap(({ limitedBy }) => limitedBy ?? []))
  const reasons = known.flatMap((part) => part.reasons)
  const [limit] = limits
  return {
    validity: worstOf(validities),
    reasons: (['invalid', 'suspect', 'unknown'] as const).flatMap((validity) =>
      reasons.filter((reason) => reason.validity === validity),
    ),
    ...(limit !== undefined && limits.size === 1 && { limitedBy: limit }),
    numbers: groups(
      known.flatMap(({ numbers }) => numbers),
      ({ flow, operation, metric }) => JSON.stringify([flow, operation, metric]),
    ).flatMap((same) => mergeNumber(same, parts.length, measured)),
    steadyStates: groups(
      known.flatMap(({ steadyStates }) => steadyStates),
      ({ flow }) => flow,
    ).map(worstState),
    signals: groups(
      known.flatMap(({ signals }) => signals),
      ({ name }) => name,
    ).map(worstSignal),
    // the same configuration, so the same for all
    required: first.required,
    isInvalidAllowed: first.isInvalidAllowed,
  }
}

/** None where the sum has no value. */
function mergeNumber(same: readonly NumberVerdict[], parts: number, measured: Measured): NumberVerdict[] {
  const { interval: _, grade: __, isLowerBound: ___, ...first } = same[0]!
  const { flow = '*', metric: name, operation = '*' } = first
  const metric = parseMetric(name)
  const selection = select(measured, { name, metric, scope: [flow, operation] })
  const value = typeof selection === 'string' ? undefined : metric.read(selection).value
  if (value === undefined) return []
  const validities = same.map(({ validity }) => validity)
  return [
    {
      ...first,
      value,
      ...(same.some(({ isLowerBound }) => isLowerBound) && { isLowerBound: true }),
      validity: worstOf(same.length < parts ? [...validities, 'unknown'] : validities),
      codes: [...new Set(same.flatMap(({ codes }) => codes))],
    },
  ]
}

const states: readonly SteadyState['kind'][] = [
  'flat',
  'warmup',
  'slowdown',
  'unknown',
  'not steady',
  'overloaded',
]

/** Without times, which were those of one run. */
function worstState(same: readonly SteadyState[]): SteadyState {
  const kind = states[Math.max(...same.map((state) => states.indexOf(state.kind)))]!
  return { flow: same[0]!.flow, kind }
}

function worstSignal(same: readonly SignalVerdict[]): SignalVerdict {
  const worst = worstOf(same.map(({ validity }) => validity))
  return same.find(({ validity }) => validity === worst)!
}

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  return [...Map.groupBy(items, keyOf).values()]
}
