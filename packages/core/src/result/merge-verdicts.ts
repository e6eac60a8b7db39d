import { parseMetric } from '../checks/metric.ts'
import { select } from '../checks/scope.ts'
import { isCounted, severityOf, worstLimit, worstOf } from '../checks/validity.ts'
import type { Measured } from '../metrics/metrics.ts'
import type { NumberVerdict, SignalVerdict, SteadyState, Verdict, VerdictReason } from '../plugin/verdict.ts'

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
  const limit = worstLimit(known.flatMap(({ limitedBy }) => limitedBy ?? []))
  const numbers = groups(
    known.flatMap((part) => part.numbers),
    ({ flow, operation, metric }) => JSON.stringify([flow, operation, metric]),
  ).flatMap((same) => mergeNumber(same, parts.length, measured))
  // one that not all runs have makes the whole doubtful too, and not more than that
  const counted = numbers
    .filter(isCounted)
    .map(({ validity }) => (validity === 'valid' ? validity : 'unknown'))
  return {
    validity: worstOf([...validities, ...counted]),
    reasons: groups(
      known.flatMap(({ reasons }) => reasons),
      ({ code, flow }) => JSON.stringify([code, flow]),
    )
      .map(worstReason)
      .toSorted((a, b) => severityOf(b.validity) - severityOf(a.validity)),
    ...(limit && { limitedBy: limit }),
    numbers,
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
  return worstJudged(same, ({ observed = 0 }) => observed)
}

/** One for each code and flow, as in the verdict of a single run. */
function worstReason(same: readonly VerdictReason[]): VerdictReason {
  return worstJudged(same, ({ observed = 0, threshold = 0 }) => Math.abs(observed - threshold))
}

/** Of those that are equally bad, the one that is furthest. */
function worstJudged<Item extends Pick<VerdictReason | SignalVerdict, 'validity'>>(
  same: readonly Item[],
  distanceOf: (item: Item) => number,
): Item {
  return same.reduce((worst, one) => {
    const worse = severityOf(one.validity) - severityOf(worst.validity) || distanceOf(one) - distanceOf(worst)
    return worse > 0 ? one : worst
  })
}

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  return [...Map.groupBy(items, keyOf).values()]
}
