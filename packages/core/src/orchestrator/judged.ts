import { doubted } from '../checks/doubt.ts'
import type { ScenarioPlan } from '../config/plan.ts'
import type { CheckResult } from '../plugin/model.ts'
import { judge, type Evidence, type Judgement } from '../verdict/judge.ts'

export interface Judged {
  readonly judgement: Judgement
  /** The results of the checks of the plan, in their order, with what is known of the numbers that they stand on. */
  withDoubts(results: readonly CheckResult[]): CheckResult[]
}

/** Judges what was measured of a scenario. */
export function judged(evidence: Evidence, { checks, verdict: asked }: ScenarioPlan): Judged {
  const judgement = judge(evidence, asked)
  return {
    judgement,
    withDoubts: (results) =>
      results.map((result, at) => {
        const check = checks[at]!
        const { number, verdict } = judgement.on(check.scoped)
        return doubted(result, number, verdict, check)
      }),
  }
}
