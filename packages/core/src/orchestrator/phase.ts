import type { Agent } from '../agent/agent.ts'
import type { ScenarioPlan } from '../config/plan.ts'
import { CloudbenchError, messageOf } from '../errors.ts'
import { machineNowMs } from '../load/clock.ts'
import { saltOf } from '../load/random.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { Interval, Phase, PhaseResult, RunError } from '../plugin/model.ts'
import type { FlowTotals, PhaseTotals } from '../protocol/protocol.ts'
import { createAccounts, type Accounts } from './accounts.ts'
import { breachesOf } from './breaches.ts'
import { Collector } from './collector.ts'
import type { Crew } from './crew.ts'
import { nextIndex, sentOf } from './numbering.ts'
import { redactExamples } from './redact-examples.ts'
import { silenceMs, watchWorkers } from './watchdog.ts'

/** Workers that are ready get their orders this long before the phase begins, so that all begin together. */
const leadMs = 25
/** To make places for the requests of a connection. */
const leadPerConnectionMs = 0.005
/** After an interrupt, or the death of a worker, requests in flight may still take this long. */
const graceMs = 1_000

export interface PhaseOptions {
  readonly plan: ScenarioPlan
  readonly phase: Phase
  /** Of the scenario's phases. */
  readonly number: number
  /** Of the first request of each flow. */
  readonly firstIndices: readonly number[]
  readonly agent: Pick<Agent, 'sample'>
  readonly crew: Crew
  /** The run's id. */
  readonly run: string
  /** Names of the flows' workloads, which stand for requests without an operation. */
  readonly workloads: readonly string[]
  readonly interrupt: AbortSignal | undefined
  readonly redact: (text: string) => string
  readonly onInterval: (interval: Interval) => void
}

/** Runs one phase in all workers, and closes its account. */
// oxlint-disable-next-line max-lines-per-function -- the order of its steps is what it is about
export async function runPhase(options: PhaseOptions): Promise<{
  readonly result: PhaseResult
  readonly errors: readonly RunError[]
  /** Of the first requests of the phase that follows. */
  readonly nextIndices: readonly number[]
}> {
  const { plan, phase, number, firstIndices, agent, crew, workloads, interrupt } = options
  const { durationMs } = phase
  const { intervalMs, drainMs, timeoutMs } = plan
  const flows = plan.flows.map(({ name }) => name)
  const loads = flows.map((flow) => phase.loads[flow]!)
  const salts = flows.map((flow) => saltOf(plan.seed, number, flow))
  const workers = crew.started.length
  const errors: RunError[] = []
  let startedAt = new Date()
  const onInterval = (interval: Interval): void =>
    options.onInterval({ ...interval, phaseStartedAt: startedAt })
  const requestsOf =
    plan.trace &&
    (await import('./request-reader.ts')).requestReader(
      { ...plan.trace, run: options.run, workloads },
      phase,
      flows,
    )
  const collector = new Collector({ phase, flows, workers, requestsOf, onInterval })
  const accounts = createAccounts({ loads, salts, workloads, workers, durationMs })
  let startAtMs = Infinity
  const watchdog = watchWorkers(crew, (worker) => accounts.isClosed(worker))
  let stoppedMs: number | undefined
  const stop = (): void => {
    stoppedMs ??= Math.max(0, machineNowMs() - startAtMs)
    for (const { child } of crew.started) child.stop(graceMs)
    watchdog.hurry(graceMs)
  }
  crew.onInterval = (worker: number, interval: WorkerInterval): void => {
    accounts.add(worker, interval)
    collector.add(worker, redactExamples(interval, options.redact))
  }
  const orders = { number, firstIndices, durationMs, loads, intervalMs, drainMs, timeoutMs }
  interrupt?.addEventListener('abort', stop)
  const ready = await Promise.allSettled(
    crew.started.map(({ child }) => child.request('ready', { phase: orders })),
  )
  const connections = loads.reduce((sum, load) => sum + load.connections, 0)
  const ahead = leadMs + connections * leadPerConnectionMs
  startAtMs = machineNowMs() + ahead
  startedAt = new Date(Date.now() + ahead)
  const sampling = agent.sample({
    startAtMs,
    intervalMs,
    onSignals: (signals) => collector.addSignals(signals),
  })
  const asked = crew.started.map(async ({ child }, worker) => {
    const { [worker]: own } = ready
    if (own?.status === 'rejected') throw own.reason
    return child.request('phase', { phase: orders, startAtMs })
  })
  if (interrupt?.aborted) stop()
  const lose = (worker: number, error: unknown): void => {
    const diedMs = Math.max(0, machineNowMs() - startAtMs)
    errors.push(lossOf(crew.started[worker]!.child.name, phase.name, error, watchdog.hasKilled(worker)))
    stop()
    collector.add(worker, accounts.chargeDead(worker, diedMs))
    collector.gone(worker)
  }
  let totals: readonly (PhaseTotals | undefined)[]
  try {
    totals = await Promise.all(asked.map((answer, worker) => totalsOf(answer, worker, accounts, lose)))
  } finally {
    await sampling.end()
    watchdog.stop()
    interrupt?.removeEventListener('abort', stop)
    crew.onInterval = undefined
  }

  const measured = collector.finish()
  const alive = totals.filter((worker) => worker !== undefined)
  const elapsedMs =
    alive.length > 0
      ? Math.max(...alive.map((worker) => worker.elapsedMs))
      : Math.min(durationMs, stoppedMs ?? durationMs)
  const isComplete = stoppedMs === undefined
  const breaches = measured.flows.flatMap((metrics, at) => {
    const own = totals.map((worker): FlowTotals | undefined => worker?.flows[at])
    return breachesOf({
      flow: flows[at]!,
      load: loads[at]!,
      salt: salts[at]!,
      metrics,
      totals: own,
      isComplete,
      elapsedMs,
    })
  })
  const nextIndices = firstIndices.map((first, at) =>
    nextIndex(first, loads[at]!, salts[at]!, sentOf(totals, at)),
  )
  return { result: { phase, startedAt, elapsedMs, ...measured, breaches }, errors, nextIndices }
}

/** What a worker counted itself, once it has closed the phase; undefined for one that was lost. */
async function totalsOf(
  answer: Promise<PhaseTotals>,
  worker: number,
  accounts: Accounts,
  lose: (worker: number, error: unknown) => void,
): Promise<PhaseTotals | undefined> {
  try {
    const totals = await answer
    accounts.close(worker)
    return totals
  } catch (error) {
    lose(worker, error)
    return undefined
  }
}

function lossOf(name: string, phase: string, error: unknown, isHung: boolean): RunError {
  const known = error instanceof CloudbenchError ? error : undefined
  const message = isHung
    ? `${name} gave no sign of life for over ${silenceMs / 1000} s and was killed`
    : [
        messageOf(error),
        known?.expected && `expected: ${known.expected}`,
        known?.next && `next: ${known.next}`,
      ]
        .filter(Boolean)
        .join('\n')
  return { source: name, during: `phase ${phase}`, message }
}
