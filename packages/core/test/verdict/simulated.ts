import type { VerdictPlan } from '../../src/config/plan.ts'
import { sumGenerators } from '../../src/metrics/intervals.ts'
import type { Load, Machine, MachineSignals, PhaseResult, RunError } from '../../src/plugin/model.ts'
import type { NumberVerdict, SignalVerdict, VerdictReason } from '../../src/plugin/verdict.ts'
import { judge, type Evidence, type Judgement } from '../../src/verdict/judge.ts'
import { simulate, type Simulated, type Simulation } from '../support/simulate.ts'

/** What a simulation measured, as a result would have it. */
export function evidenceOf(
  { flow, intervals, elapsedMs, breaches }: Simulated,
  { load, durationMs }: { readonly load: Load; readonly durationMs: number },
): Evidence {
  const { phase } = intervals[0]!
  const measured: PhaseResult = {
    phase,
    startedAt: new Date(0),
    elapsedMs,
    flows: [flow],
    generators: sumGenerators(intervals.filter(({ startMs }) => startMs < durationMs)),
    signals: [],
    intervals,
    breaches,
  }
  return scenarioOf([measured], load)
}

/** A scenario with one flow, `main`. */
export function scenarioOf(
  phases: readonly PhaseResult[],
  _load?: Load,
  errors: readonly RunError[] = [],
  machines: readonly Machine[] = [],
): Evidence {
  return {
    scenario: {
      id: 'test',
      description: 'a test',
      tags: [],
      flows: [
        {
          name: 'main',
          driver: 'test',
          workload: 'work',
          target: { name: 'server', url: 'test://server', origin: 'given' },
        },
      ],
      phases: phases.map(({ phase }) => phase),
      workers: 1,
      dispatch: 'tick',
      seed: 1,
      intervalMs: 1000,
    },
    phases,
    errors,
    machines,
  }
}

export async function judged(simulation: Simulation, plan?: VerdictPlan): Promise<Judgement> {
  return judge(evidenceOf(await simulate(simulation), simulation), plan)
}

export function numberIn({ verdict }: Judgement, metric: string): NumberVerdict {
  const found = verdict.numbers.find((one) => one.flow === undefined && one.metric === metric)
  if (found === undefined) throw new Error(`no ${metric}`)
  return found
}

export function reasonIn({ verdict }: Judgement, code: string): VerdictReason {
  const found = verdict.reasons.find((one) => one.code === code)
  if (found === undefined) throw new Error(`no ${code} in ${verdict.reasons.map((one) => one.code).join()}`)
  return found
}

export function signalIn({ verdict }: Judgement, name: string): SignalVerdict {
  const found = verdict.signals.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

export type { MachineSignals }
