import type { ScopedMetric } from '../checks/scope.ts'
import type { VerdictPlan } from '../config/plan.ts'
import type { Machine, ScenarioResult } from '../plugin/model.ts'
import type { NumberVerdict, Verdict } from '../plugin/verdict.ts'

/** What the verdict is about. */
export type Evidence = Pick<ScenarioResult, 'scenario' | 'phases' | 'errors'> & {
  readonly machines: readonly Machine[]
}

export interface Judgement {
  readonly verdict: Verdict
  /** Of any metric that a check can name, whether or not the verdict lists it. Undefined: it has no value. */
  numberOf(scoped: ScopedMetric): NumberVerdict | undefined
}

/** Nothing special was asked for. */
export const defaultVerdictPlan: VerdictPlan = {
  required: 'suspect',
  isInvalidAllowed: false,
  thresholds: {},
}

/** Judges the measured phases of a scenario. */
export function judge(_evidence: Evidence, plan: VerdictPlan = defaultVerdictPlan): Judgement {
  const { required, isInvalidAllowed } = plan
  return {
    verdict: {
      validity: 'unknown',
      reasons: [],
      numbers: [],
      steadyStates: [],
      signals: [],
      required,
      isInvalidAllowed,
    },
    numberOf: () => undefined,
  }
}
