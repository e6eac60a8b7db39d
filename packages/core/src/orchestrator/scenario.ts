import type { Agent } from '../agent/agent.ts'
import { evaluateChecks } from '../checks/checks.ts'
import type { ScenarioPlan, SizedPlan } from '../config/plan.ts'
import { messageOf } from '../errors.ts'
import type { Host } from '../hooks/host.ts'
import { failuresOf, measuredOf, sumFlows } from '../metrics/metrics.ts'
import type { Logger } from '../plugin/common.ts'
import type { CheckResult, PhaseResult, RunError, Scenario, ScenarioResult } from '../plugin/model.ts'
import { exitCodeOf } from '../result/exit-code.ts'
import { scenarioReason } from '../result/reason.ts'
import type { Alerts } from './alerts.ts'
import type { Judged } from './judged.ts'
import { measureScenario, type Measurement } from './measure-scenario.ts'
import type { LoadedDriver } from './plugins.ts'
import type { Steps } from './steps.ts'
import type { ReadyTarget } from './targets.ts'

/** A scenario with its targets ready. */
export interface ReadyScenario {
  readonly plan: SizedPlan
  /** By flow, in their order. */
  readonly targets: readonly ReadyTarget[]
  readonly scenario: Scenario
  /** Why it cannot run, if a target is not available. */
  readonly obstacle?: RunError
}

export interface ScenarioOptions {
  /** The run's id. */
  readonly run: string
  readonly outputFolder: string
  /** The version of cloudbench. */
  readonly version: string
  readonly log: Logger
  readonly host: Host
  readonly agent: Agent
  readonly drivers: ReadonlyMap<string, LoadedDriver>
  /** What relative paths in options start from. */
  readonly folder: string
  readonly redact: (text: string) => string
  readonly interrupt: AbortSignal | undefined
  /** Of the scenario, if it has any. */
  readonly alerts?: Alerts | undefined
  readonly steps: Steps
}

const nothing: Measurement = { phases: [], errors: [], prepared: {}, audits: [], workers: [] }

/** Runs one scenario from the start of its workers to their end. Never rejects: what goes wrong is in the result. */
export async function runScenario(ready: ReadyScenario, options: ScenarioOptions): Promise<ScenarioResult> {
  const { plan, scenario, obstacle } = ready
  const { host, interrupt, redact } = options
  await host.call('scenario:start', scenario)
  const canRun = obstacle === undefined && !interrupt?.aborted
  const alerts = await alertsOf(ready, options)
  const {
    errors: found,
    prepared,
    logs,
    ...measured
  } = canRun ? await measureScenario(ready, { ...options, alerts }) : nothing
  const aborted = alerts?.ending
  const { phases } = measured
  const isInterrupted = interrupt?.aborted === true
  const errors = [...(obstacle ? [obstacle] : []), ...found]
  if (!isInterrupted && aborted === undefined && errors.length === 0)
    errors.push(...emptiness(plan.id, phases))
  errors.push(...breachErrors(plan.id, phases, redact))
  const judged = await judgedOf(ready, phases, errors, options)

  const isOver = !isInterrupted && errors.length === 0
  const unfinished =
    aborted !== undefined ? 'the scenario was aborted' : isOver ? undefined : 'the scenario did not complete'
  const plain =
    unfinished === undefined ? evaluateChecks(plan.checks, phases, plan.id) : skipped(plan, unfinished)
  const checks: CheckResult[] = [
    ...(judged?.withDoubts(plain) ?? plain),
    ...(alerts?.results(phases, unfinished, judged?.judgement) ?? []),
  ]
  const evaluated = {
    scenario,
    ...(judged && { verdict: judged.judgement.verdict }),
    ...measured,
    ...(aborted !== undefined && { aborted }),
    checks,
    ...(Object.keys(prepared).length > 0 && { prepared }),
    ...(logs && { logs }),
    errors,
  }
  if (logs) errors.push(...(await import('./request-logs.ts')).reportLogs(plan.id, logs, phases, options))
  try {
    await host.call('scenario:evaluate', evaluated, checks)
  } catch (error) {
    const message = redact(messageOf(error))
    errors.push({ source: 'scenario', during: 'scenario:evaluate', message, scenario: plan.id })
  }
  const reason = scenarioReason(evaluated, isInterrupted)
  const result = { ...evaluated, reason, exitCode: exitCodeOf(reason) }
  await host.call('scenario:end', result)
  return result
}

/** Undefined where nothing was measured. What goes wrong becomes one of the errors. */
async function judgedOf(
  { plan, scenario }: ReadyScenario,
  phases: readonly PhaseResult[],
  errors: RunError[],
  { agent, redact }: ScenarioOptions,
): Promise<Judged | undefined> {
  if (!phases.some(({ phase }) => phase.kind === 'measure')) return undefined
  try {
    const { judged } = await import('./judged.ts')
    const machines = [{ name: agent.name, facts: agent.facts }]
    const { missing } = agent
    return judged({ scenario, phases, errors, machines, missing }, plan)
  } catch (error) {
    errors.push({
      source: 'verdict',
      during: 'judging of the measurement',
      message: redact(messageOf(error)),
      scenario: plan.id,
    })
    return undefined
  }
}

function breachErrors(
  scenario: string,
  phases: readonly PhaseResult[],
  redact: (text: string) => string,
): RunError[] {
  return phases.flatMap(({ phase, breaches }) =>
    breaches.map((breach) => ({
      source: 'accounting',
      during: `phase ${phase.name}`,
      message: redact(breach),
      scenario,
    })),
  )
}

/**
 * A flow that got no answer at all measured nothing: that must not look like a result. Answers that were all failures are
 * one, and the checks judge it.
 */
function emptiness(scenario: string, phases: readonly PhaseResult[]): RunError[] {
  const { flows } = measuredOf({ phases })
  return flows.flatMap((flow) => {
    const { ok, sent, unsent, failed, timedOut, unanswered, outcomes } = sumFlows([flow]).total
    const lost = Object.values(outcomes).reduce((sum, outcome) => sum + (outcome.lost ? outcome.count : 0), 0)
    if (ok + failed > lost) return []
    const [worst] = failuresOf(outcomes)
    const message =
      sent === 0
        ? unsent > 0
          ? `flow ${flow.flow}: nothing was sent, ${unsent} requests came due`
          : `flow ${flow.flow}: nothing was sent, because nothing came due\n  next: measure for longer (--duration), or request more (--rate)`
        : `flow ${flow.flow}: none of ${sent} requests was answered: ${lost} lost their connection${worst ? ` (mostly ${worst})` : ''}, ${timedOut} timed out, ${unanswered} were still waiting at the end`
    return [{ source: 'target', during: 'load', message, scenario }]
  })
}

/** A scenario without alerts does not load them. */
async function alertsOf(
  { plan, scenario }: ReadyScenario,
  { agent }: ScenarioOptions,
): Promise<Alerts | undefined> {
  if (plan.alerts.length === 0) return undefined
  const { Alerts: Followed } = await import('./alerts.ts')
  return new Followed(plan.alerts, scenario, agent.facts)
}

function skipped({ id, checks }: ScenarioPlan, actual: string): CheckResult[] {
  return checks.map(({ name, expected, source }) => ({
    name,
    expected,
    ...(source && { source }),
    scenario: id,
    status: 'skipped',
    actual,
  }))
}
