import { CloudbenchError, messageOf } from '../errors.ts'
import { isTimed } from '../load/is-timed.ts'
import type { Facts } from '../plugin/facts.ts'
import type { PhaseResult, RunError, ScenarioResult, WorkerInfo } from '../plugin/model.ts'
import { startCrew, type Crew } from './crew.ts'
import { wireFlow } from './describe-scenario.ts'
import { unlessInterrupted } from './interruption.ts'
import { runPhase } from './phase.ts'
import type { RequestLogs } from './request-logs.ts'
import type { ReadyScenario, ScenarioOptions } from './scenario.ts'

/** What a scenario's workers produced before they ended. */
export interface Measurement {
  readonly phases: PhaseResult[]
  readonly errors: RunError[]
  readonly prepared: Record<string, Facts>
  audits: ScenarioResult['audits']
  workers: readonly WorkerInfo[]
  /** Absent where nothing is logged. */
  logs?: ScenarioResult['logs']
}

/** Starts the workers, prepares, loads, audits and cleans up. Never rejects: what goes wrong is among the errors. */
export async function measureScenario(ready: ReadyScenario, options: ScenarioOptions): Promise<Measurement> {
  const { alerts, interrupt, redact, steps } = options
  const { id, flows } = ready.plan
  const measured: Measurement = { phases: [], errors: [], prepared: {}, audits: [], workers: [] }
  const record = (source: string, during: string, error: unknown): void => {
    measured.errors.push({ source, during, message: redact(explain(error)), scenario: id })
  }
  const logs = ready.plan.log && (await import('./request-logs.ts')).requestLogs(ready, options)
  let crew: Crew | undefined
  let during = 'start of the workers'
  const begin = (doing: string, flow?: string): void =>
    steps.begin(flow === undefined || flows.length === 1 ? doing : `${doing} of ${flow}`, id)
  try {
    begin(ready.plan.workers === 1 ? 'starting a worker' : `starting ${ready.plan.workers} workers`)
    crew = await unlessInterrupted(interrupt, () => crewOf(ready, options, logs))
    measured.workers = crew.infos
    during = 'preparation of the target'
    for (const { name } of flows) {
      begin('preparing the target', name)
      const facts = await unlessInterrupted(interrupt, () => crew!.prepare(name))
      if (Object.keys(facts).length > 0) measured.prepared[name] = facts
    }
    during = 'opening of connections'
    for (const { name } of flows) {
      begin('opening the connections', name)
      await unlessInterrupted(interrupt, () => crew!.open(name))
    }
    during = 'load'
    await loadPhases(ready, options, crew, measured)
    during = 'audit'
    // what made the run pointless may keep an audit from its end
    if (measured.errors.length === 0 && !interrupt?.aborted && !alerts?.aborted.aborted)
      measured.audits = await unlessInterrupted(interrupt, () => auditAll(crew!, ready, begin))
    during = 'cleanup of the target'
    // a service that was merely found is not ours: leave nothing in it
    for (const [at, { name }] of flows.entries())
      if (ready.targets[at]!.shown.origin === 'found' && measured.errors.length === 0) {
        begin('cleaning up the target', name)
        await crew.cleanup(name)
      }
  } catch (error) {
    if (!interrupt?.aborted) record('target', during, error)
  }
  if (crew) begin('closing the connections')
  const closed = await crew?.close()
  for (const error of closed?.errors ?? []) record('worker', 'close', error)
  if (closed && logs) measured.logs = logs.results(closed.logs)
  return measured
}

function crewOf(
  { plan, targets }: ReadyScenario,
  { agent, drivers, folder, interrupt, run }: ScenarioOptions,
  logs: RequestLogs | undefined,
): Promise<Crew> {
  const flows = plan.flows.map((flow, at) => wireFlow(flow, plan, targets[at]!, drivers))
  const { id: scenario, workers, seed, patienceMs, trace } = plan
  const isPaced = plan.phases.some(({ loads }) => Object.values(loads).some(isTimed))
  const dispatch = isPaced ? plan.dispatch : 'timer'
  const identity = { run, scenario, trace, logOf: logs?.of }
  return startCrew({ agent, workers, flows, folder, seed, dispatch, patienceMs, interrupt, ...identity })
}

async function loadPhases(
  { plan, scenario }: ReadyScenario,
  { agent, alerts, host, interrupt, redact, run }: ScenarioOptions,
  crew: Crew,
  { phases, errors }: Measurement,
): Promise<void> {
  const stop = AbortSignal.any([interrupt, alerts?.aborted].filter((signal) => signal !== undefined))
  let firstIndices: readonly number[] = plan.flows.map(() => 0)
  for (const [number, phase] of scenario.phases.entries()) {
    if (stop.aborted || errors.length > 0) break
    await host.call('phase:start', phase)
    const {
      result,
      errors: losses,
      nextIndices,
    } = await runPhase({
      plan,
      phase,
      number,
      firstIndices,
      agent,
      crew,
      run,
      workloads: scenario.flows.map(({ workload }) => workload),
      interrupt: stop,
      redact,
      onInterval(interval) {
        void host.call('interval', interval)
        if (!stop.aborted) alerts?.add(interval)
      },
    })
    firstIndices = nextIndices
    phases.push(result)
    errors.push(...losses.map((loss) => ({ ...loss, message: redact(loss.message), scenario: plan.id })))
    await host.call('phase:end', result)
  }
}

async function auditAll(
  crew: Crew,
  { plan }: ReadyScenario,
  begin: (doing: string, flow: string) => void,
): Promise<ScenarioResult['audits']> {
  const audits: ScenarioResult['audits'][number][] = []
  for (const { name } of plan.flows) {
    begin('checking what was stored', name)
    for (const finding of await crew.audit(name)) audits.push({ ...finding, flow: name })
  }
  return audits
}

function explain(error: unknown): string {
  if (typeof error === 'string') return error
  if (error instanceof CloudbenchError) return error.format()
  return messageOf(error)
}
