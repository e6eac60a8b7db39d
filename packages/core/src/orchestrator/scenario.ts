import type { FlowPlan, ScenarioPlan } from '../config/plan.ts'
import type { Agent } from '../agent/agent.ts'
import type { Host } from '../hooks/host.ts'
import type { Facts } from '../plugin/common.ts'
import type { AuditResult } from '../plugin/driver.ts'
import type {
  CheckResult,
  EndReason,
  Phase,
  PhaseResult,
  RunError,
  Scenario,
  ScenarioResult,
  WorkerInfo,
} from '../plugin/model.ts'
import type { WireFlow } from '../protocol/protocol.ts'
import type { LoadedDriver } from './plugins.ts'
import type { ReadyTarget } from './targets.ts'
import { CloudbenchError, messageOf } from '../errors.ts'
import { evaluateChecks } from '../checks/checks.ts'
import { measuredOf, sumFlows } from '../metrics/metrics.ts'
import { workloadOf } from '../loading/workload.ts'
import { startCrew, type Crew } from './crew.ts'
import { exitCodeOf } from '../result/exit-code.ts'
import { runPhase } from './phase.ts'

/** A scenario with its targets ready. */
export interface ReadyScenario {
  readonly plan: ScenarioPlan
  /** By flow, in their order. */
  readonly targets: readonly ReadyTarget[]
  readonly scenario: Scenario
  /** Why it cannot run, when a target could not be had. */
  readonly obstacle?: RunError
}

export interface ScenarioOptions {
  readonly host: Host
  readonly agent: Agent
  readonly drivers: ReadonlyMap<string, LoadedDriver>
  readonly redact: (text: string) => string
  readonly interrupt: AbortSignal | undefined
}

/** The public face of a scenario plan. */
export function describeScenario(
  plan: ScenarioPlan,
  targets: readonly ReadyTarget[],
  drivers: ReadonlyMap<string, LoadedDriver>,
): Scenario {
  const { id, description, workers, dispatch, seed, intervalMs } = plan
  const flows = plan.flows.map((flow, at) => {
    const { plugin } = drivers.get(flow.driver)!
    return {
      name: flow.name,
      driver: plugin.name,
      workload: workloadOf(plugin, flow.workload).name,
      target: targets[at]?.shown ?? { name: flow.target.name, url: '', origin: 'given' as const },
    }
  })
  const phases = plan.phases.map((phase): Phase => ({ ...phase, scenario: id }))
  return { id, description, flows, phases, workers, dispatch, seed, intervalMs }
}

/** Runs one scenario from its workers' start to their end. Never rejects: what goes wrong is in the result. */
export async function runScenario(ready: ReadyScenario, options: ScenarioOptions): Promise<ScenarioResult> {
  const { plan, scenario } = ready
  const { host, interrupt, redact } = options
  const errors: RunError[] = ready.obstacle ? [ready.obstacle] : []
  const phases: PhaseResult[] = []
  let audits: readonly (AuditResult & { readonly flow: string })[] = []
  let workers: readonly WorkerInfo[] = []
  const prepared: Record<string, Facts> = {}
  const record = (source: string, during: string, error: unknown): void => {
    errors.push({ source, during, message: redact(explain(error)), scenario: plan.id })
  }
  const isInterrupted = (): boolean => interrupt?.aborted === true
  host.scenario = plan.id
  await host.call('scenario:start', scenario)

  if (!ready.obstacle && !isInterrupted()) {
    let crew: Crew | undefined
    let during = 'start of the workers'
    try {
      const flows = plan.flows.map((flow, at) => wireFlow(flow, plan, ready.targets[at]!, options.drivers))
      crew = await unlessInterrupted(
        interrupt,
        startCrew({
          agent: options.agent,
          workers: plan.workers,
          flows,
          seed: plan.seed,
          dispatch: plan.dispatch,
        }),
      )
      workers = crew.infos
      during = 'preparation of the target'
      for (const { name } of plan.flows) {
        const facts = await unlessInterrupted(interrupt, crew.prepare(name))
        if (Object.keys(facts).length > 0) prepared[name] = facts
      }
      during = 'opening of connections'
      await unlessInterrupted(interrupt, crew.open())
      during = 'load'
      for (const [number, phase] of scenario.phases.entries()) {
        if (isInterrupted() || errors.length > 0) break
        await host.call('phase:start', phase)
        const { result, errors: losses } = await runPhase({
          plan,
          phase,
          number,
          crew,
          workloads: scenario.flows.map(({ workload }) => workload),
          interrupt,
          onInterval: (interval) => void host.call('interval', interval),
        })
        phases.push(result)
        errors.push(...losses.map((loss) => ({ ...loss, message: redact(loss.message), scenario: plan.id })))
        await host.call('phase:end', result)
      }
      during = 'audit'
      if (errors.length === 0 && !isInterrupted()) audits = await auditAll(crew, plan)
      during = 'cleanup of the target'
      // a service that was merely found belongs to somebody: nothing of ours stays in it
      for (const [at, { name }] of plan.flows.entries())
        if (ready.targets[at]!.shown.origin === 'found' && errors.length === 0) await crew.cleanup(name)
    } catch (error) {
      if (!isInterrupted()) record('target', during, error)
    }
    for (const error of (await crew?.close()) ?? []) record('worker', 'close', error)
  }

  if (!isInterrupted() && errors.length === 0) errors.push(...emptiness(plan.id, phases))
  for (const { phase, breaches } of phases)
    for (const breach of breaches) record('accounting', `phase ${phase.name}`, breach)
  const isOver = !isInterrupted() && errors.length === 0
  const checks: readonly CheckResult[] = isOver ? evaluateChecks(plan.checks, phases, plan.id) : skipped(plan)
  const result = {
    scenario,
    phases,
    checks,
    audits,
    ...(Object.keys(prepared).length > 0 && { prepared }),
    errors,
    workers,
    ...endOf(isInterrupted(), errors, checks, audits),
  }
  await host.call('scenario:end', result)
  host.scenario = undefined
  return result
}

function endOf(
  isInterrupted: boolean,
  errors: readonly RunError[],
  checks: readonly CheckResult[],
  audits: readonly AuditResult[],
): { readonly reason: EndReason; readonly exitCode: number } {
  const hasFailed = [...checks, ...audits].some(({ status }) => status === 'failed')
  const reason: EndReason = isInterrupted
    ? 'interrupted'
    : errors.length > 0
      ? 'errored'
      : hasFailed
        ? 'failed'
        : 'passed'
  return { reason, exitCode: exitCodeOf(reason) }
}

async function auditAll(
  crew: Crew,
  plan: ScenarioPlan,
): Promise<readonly (AuditResult & { readonly flow: string })[]> {
  const audits: (AuditResult & { readonly flow: string })[] = []
  for (const { name } of plan.flows)
    for (const finding of await crew.audit(name)) audits.push({ ...finding, flow: name })
  return audits
}

/** A measurement without a single success measured nothing: that must not look like a result. */
function emptiness(scenario: string, phases: readonly PhaseResult[]): RunError[] {
  const { flows } = measuredOf({ phases })
  return flows.flatMap((flow) => {
    const { ok, sent, unsent, failed, timedOut, unanswered, outcomes } = sumFlows([flow]).total
    if (ok > 0) return []
    const worst = Object.entries(outcomes).toSorted(([, a], [, b]) => b.count - a.count)[0]?.[0]
    const message =
      sent === 0
        ? unsent > 0
          ? `flow ${flow.flow}: nothing was sent, ${unsent} requests came due`
          : `flow ${flow.flow}: nothing was sent, because nothing came due\n  next: measure for longer (--duration), or ask for more (--rate)`
        : `flow ${flow.flow}: not one of ${sent} requests succeeded: ${failed} failed${worst ? ` (mostly ${worst})` : ''}, ${timedOut} timed out, ${unanswered} were not answered`
    return [{ source: 'target', during: 'load', message, scenario }]
  })
}

function skipped({ id, checks }: ScenarioPlan): CheckResult[] {
  return checks.map(({ name, expected }) => ({
    name,
    expected,
    scenario: id,
    status: 'skipped',
    actual: 'the scenario did not run to its end',
  }))
}

function wireFlow(
  { name, driver, workload, options }: FlowPlan,
  { phases }: ScenarioPlan,
  target: ReadyTarget,
  drivers: ReadonlyMap<string, LoadedDriver>,
): WireFlow {
  const { url, plugin } = drivers.get(driver)!
  return {
    name,
    driver: { url, name: plugin.name, options },
    workload,
    target: target.url,
    connections: Math.max(...phases.map(({ loads }) => loads[name]!.connections)),
  }
}

/** Rejects as soon as the run is interrupted; the work is left to be killed with its process. */
async function unlessInterrupted<T>(interrupt: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!interrupt) return work
  let stop = (): void => {}
  const interrupted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('interrupted'))
    interrupt.addEventListener('abort', stop)
    if (interrupt.aborted) stop()
  })
  try {
    return await Promise.race([work, interrupted])
  } finally {
    interrupt.removeEventListener('abort', stop)
  }
}

function explain(error: unknown): string {
  if (typeof error === 'string') return error
  if (error instanceof CloudbenchError) return error.format()
  return messageOf(error)
}
