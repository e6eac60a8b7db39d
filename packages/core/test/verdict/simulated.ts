import type { VerdictPlan } from '../../src/config/plan.ts'
import type { NumberVerdict, SignalVerdict, VerdictReason } from '../../src/plugin/verdict.ts'
import { judge, type Judgement } from '../../src/verdict/judge.ts'
import { simulate, type Simulation } from '../support/simulate.ts'
import { evidenceOf } from './made-up.ts'

/** Runs a simulation and judges it as a scenario of one flow, `main`. */
export async function judged(simulation: Simulation, plan?: VerdictPlan): Promise<Judgement> {
  const { result } = await simulate(simulation)
  return judge(evidenceOf([result]), plan)
}

/** Of all flows. */
export function numberIn({ verdict }: Judgement, metric: string): NumberVerdict {
  return found(
    verdict.numbers.find((one) => one.flow === undefined && one.metric === metric),
    metric,
  )
}

export function reasonIn({ verdict }: Judgement, code: string): VerdictReason {
  return found(
    verdict.reasons.find((one) => one.code === code),
    `${code} among ${verdict.reasons.map((one) => one.code).join(', ')}`,
  )
}

export function signalIn({ verdict }: Judgement, name: string): SignalVerdict {
  return found(
    verdict.signals.find((one) => one.name === name),
    name,
  )
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`there is no ${what}`)
  return value
}
