import type { ScopedMetric } from '../checks/scope.ts'
import { isCounted, worstLimit, worstOf } from '../checks/validity.ts'
import type { VerdictPlan } from '../config/plan.ts'
import type { Machine, ScenarioResult } from '../plugin/model.ts'
import type { NumberVerdict, SteadyState, Validity, Verdict } from '../plugin/verdict.ts'
import { attributionOf, type Attribution } from './attribution.ts'
import { brokenCauses, finder, limitCauses, signalCauses } from './causes.ts'
import { measurementOf } from './measurement.ts'
import { judgeNumber, listedMetrics, type NumberJudge } from './numbers.ts'
import { ownEffects } from './own-effects.ts'
import { reasonsOf } from './reasons.ts'
import { judgeSignal } from './signal-row.ts'
import { steadyCauses } from './steady-causes.ts'
import { progressOf } from './steady.ts'
import { signalTable } from './table.ts'
import { viewsOf } from './view.ts'

/** What the verdict is about. */
export type Evidence = Pick<ScenarioResult, 'scenario' | 'phases' | 'errors'> & {
  readonly machines: readonly Machine[]
  /** Why signals could not be sampled, by their names, where an environment says so. */
  readonly missing?: Readonly<Record<string, string>>
}

export interface Judgement {
  readonly verdict: Verdict
  /** On any metric that a check can name, whether or not the verdict lists it. */
  on(scoped: ScopedMetric): JudgementOnNumber
}

interface JudgementOnNumber {
  /** Undefined: it has no value. */
  readonly number: NumberVerdict | undefined
  /** With the reasons of this number alone, in its own words. */
  readonly verdict: Verdict
}

/** Nothing special was asked for. */
export const defaultVerdictPlan: VerdictPlan = {
  required: 'suspect',
  isInvalidAllowed: false,
  thresholds: {},
}

/**
 * Judges the measured phases of a scenario: number by number, since a pause of 5 ms spoils a p99.9 and not a p50.
 *
 * 1. Every row of the table is read and compared with its thresholds.
 * 2. What kept a flow from its rate is found, and whether it was the same throughout.
 * 3. Each number has what concerns it. What was measured in the load thread decides whether it is `invalid`: the same quantile of
 *    its pauses, by that of the latency. What the machine says makes it `suspect`, if it reached as many requests as lie beyond
 *    the quantile. So does a quantile that too few independent samples establish.
 * 4. The whole is `invalid` where nothing in it can be believed: books that do not add up, a lost worker, an open loop that the
 *    generator could not keep up with, a load thread that was held up for too much of the time. It is `suspect` where the rate
 *    or a quantile up to p99 is suspect or invalid, or the machine changed; and `unknown` where pauses were not measured.
 */
export function judge(evidence: Evidence, plan: VerdictPlan = defaultVerdictPlan): Judgement {
  const { required, isInvalidAllowed, thresholds } = plan
  const measurement = measurementOf(evidence)
  const signals = signalTable.map((row) =>
    judgeSignal(row, measurement, {
      ...row,
      ...(Object.hasOwn(thresholds, row.name) && thresholds[row.name]),
    }),
  )
  const signalOf = finder(signals)
  const flows = measurement.flows.map((flow) => {
    const progress = progressOf(measurement, flow.flow)
    return { progress, attribution: attributionOf(measurement, flow, progress, signalOf) }
  })
  const attributions = flows.flatMap(({ attribution }) => attribution ?? [])
  const causes = [
    ...brokenCauses(measurement),
    ...attributions.flatMap(limitCauses),
    ...signalCauses(measurement, signals),
    ...flows.flatMap(({ progress }) => (progress.isGrowing ? [] : steadyCauses(measurement, progress))),
  ]
  const judges: NumberJudge = {
    measurement,
    viewOf: viewsOf(measurement),
    causes,
    own: (figure) => ownEffects(measurement, figure, signalOf),
  }
  const numbers = listedMetrics(measurement).flatMap((scoped) => judgeNumber(judges, scoped) ?? [])
  const whole = causes.flatMap((cause) => cause.whole ?? [])
  const reasons = reasonsOf(whole, numbers, measurement.flows.length)
  // a limit that touches no number, such as of a flow without any latency, is none that can be told
  const told = attributions.filter(({ reason }) => reasons.some(({ code }) => code === reason.code))
  const limitedBy = worstLimit(told.map(({ limit }) => limit))
  const verdict: Verdict = {
    validity: wholeOf(
      whole.map(({ validity }) => validity),
      numbers.map(({ number }) => number),
      measurement.hiccup.count > 0,
    ),
    reasons,
    ...(limitedBy && { limitedBy }),
    numbers: numbers.map(({ number }) => number),
    steadyStates: flows.map(({ progress, attribution }) => stateOf(progress.state, attribution)),
    signals: signals.map((signal) => signal.verdict),
    required,
    isInvalidAllowed,
  }
  return {
    verdict,
    on(scoped) {
      const { number, effects = [] } = judgeNumber(judges, scoped) ?? {}
      return {
        number,
        verdict: { ...verdict, reasons: effects.map(({ reason, validity }) => ({ ...reason, validity })) },
      }
    },
  }
}

function wholeOf(whole: readonly Validity[], numbers: readonly NumberVerdict[], didProbe: boolean): Validity {
  if (whole.includes('invalid')) return 'invalid'
  const counted = numbers.filter(isCounted).map(({ validity }) => validity)
  const known = worstOf([...whole, ...counted.map((one) => (one === 'invalid' ? 'suspect' : one))])
  return known === 'valid' && (!didProbe || numbers.length === 0) ? 'unknown' : known
}

/** Where the generator could not follow, nothing is known of the target. Otherwise what falls behind has no steady state. */
function stateOf(state: SteadyState, attribution: Attribution | undefined): SteadyState {
  const { flow } = state
  if (attribution === undefined || attribution.reason.validity !== 'invalid') return state
  if (attribution.reason.code === 'GENERATOR_BUSY') return state
  return { flow, kind: attribution.limit === 'generator' ? 'unknown' : 'overloaded' }
}
