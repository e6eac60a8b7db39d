import type { Agent } from '../agent/agent.ts'
import type { ScenarioPlan } from '../config/plan.ts'
import type { Interval, Phase, PhaseResult, RunError } from '../plugin/model.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { FlowTotals, PhaseTotals } from '../protocol/protocol.ts'
import type { Crew } from './crew.ts'
import { CloudbenchError, messageOf } from '../errors.ts'
import { machineNowMs } from '../load/clock.ts'
import { saltOf } from '../load/random.ts'
import { breachesOf } from './breaches.ts'
import { Collector } from './collector.ts'
import { createAccounts } from './accounts.ts'

/** Workers get their orders this long before the phase begins, so that all begin together. */
const leadMs = 250
/** After an interrupt, or the death of a worker, requests in flight may still take this long. */
const graceMs = 1_000
/** A worker that has missed its report by this much does not run any more. */
const silenceMs = 5_000

export interface PhaseOptions {
  readonly plan: ScenarioPlan
  readonly phase: Phase
  /** Of the scenario's phases. */
  readonly number: number
  readonly agent: Pick<Agent, 'sample'>
  readonly crew: Crew
  /** Names of the flows' workloads, which stand for requests without an operation. */
  readonly workloads: readonly string[]
  readonly interrupt: AbortSignal | undefined
  readonly onInterval: (interval: Interval) => void
}

/** Runs one phase in all workers, and closes its account. */
export async function runPhase(
  options: PhaseOptions,
): Promise<{ readonly result: PhaseResult; readonly errors: readonly RunError[] }> {
  const { plan, phase, number, agent, crew, workloads, interrupt } = options
  const flows = plan.flows.map(({ name }) => name)
  const loads = flows.map((flow) => phase.loads[flow]!)
  const salts = flows.map((flow) => saltOf(plan.seed, number, flow))
  const workers = crew.started.length
  const errors: RunError[] = []
  const collector = new Collector({ phase, flows, workers, onInterval: options.onInterval })
  const accounts = createAccounts({ loads, salts, workloads, workers, durationMs: phase.durationMs })
  const startAtMs = machineNowMs() + leadMs
  const startedAt = new Date(Date.now() + leadMs)
  let stoppedMs: number | undefined
  const stop = (): void => {
    stoppedMs ??= Math.max(0, machineNowMs() - startAtMs)
    for (const { child } of crew.started) child.stop(graceMs)
  }
  crew.onInterval = (worker: number, interval: WorkerInterval): void => {
    accounts.add(worker, interval)
    collector.add(worker, interval)
  }
  const hung = new Set<number>()
  const watchdog = setInterval(() => {
    const limitMs = silenceMs + 3 * plan.intervalMs + Math.max(0, startAtMs - machineNowMs())
    for (const [at, { child }] of crew.started.entries()) {
      if (performance.now() - child.lastHeardMs < limitMs || accounts.isClosed(at)) continue
      hung.add(at)
      child.kill()
    }
  }, 1_000)

  const sampling = agent.sample({
    startAtMs,
    intervalMs: plan.intervalMs,
    onSignals: (signals) => collector.addSignals(signals),
  })
  const wire = {
    number,
    durationMs: phase.durationMs,
    loads,
    intervalMs: plan.intervalMs,
    drainMs: plan.drainMs,
    timeoutMs: plan.timeoutMs,
  }
  const asked = crew.started.map(({ child }) => child.request('phase', { phase: wire, startAtMs }))
  interrupt?.addEventListener('abort', stop)
  if (interrupt?.aborted) stop()
  let totals: (PhaseTotals | undefined)[]
  try {
    totals = await Promise.all(
      asked.map(async (answer, worker) => {
        try {
          const closed = await answer
          accounts.close(worker)
          return closed
        } catch (error) {
          const diedMs = Math.max(0, machineNowMs() - startAtMs)
          errors.push(lossOf(crew.started[worker]!.child.name, phase.name, error, hung.has(worker)))
          stop()
          collector.add(worker, accounts.chargeDead(worker, diedMs))
          collector.gone(worker)
          return undefined
        }
      }),
    )
  } finally {
    await sampling.end()
    clearInterval(watchdog)
    interrupt?.removeEventListener('abort', stop)
    crew.onInterval = undefined
  }

  const measured = collector.finish()
  const elapsedMs = Math.max(stoppedMs ?? phase.durationMs, ...totals.map((worker) => worker?.elapsedMs ?? 0))
  const breaches = measured.flows.flatMap((metrics, at) =>
    breachesOf({
      flow: flows[at]!,
      load: loads[at]!,
      salt: salts[at]!,
      metrics,
      totals: totals.map((worker): FlowTotals | undefined => worker?.flows[at]),
      isComplete: stoppedMs === undefined,
    }),
  )
  return { result: { phase, startedAt, elapsedMs, ...measured, breaches }, errors }
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
