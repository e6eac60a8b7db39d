import type { FlowMetrics, PhaseResult, Plugin, RunResult, Scenario } from '@cloudbench/core'
import type { FlowPlan, RunOptions, RunPlan, ScenarioPlan } from '@cloudbench/core/program'
import { ceilingIn, isOver, ratesFor, stepCount, type Step } from './sweep.ts'

/** A flow with a driver, a workload and a client, and what was found of it. */
export interface Calibrated {
  readonly scenario: string
  readonly flow: Scenario['flows'][number]
  readonly workers: number
  /** The digest of all that decides its ceiling. */
  readonly setup: string
  /** Upward. */
  readonly steps: readonly Step[]
  /** Undefined: no rate was reached. */
  readonly ceiling?: Step | undefined
}

/** Where a flow cannot be calibrated. */
export interface Refused {
  readonly scenario: string
  readonly flow: string
  readonly driver: string
  readonly workers: number
  readonly why: string
}

export interface CeilingRequest {
  readonly plan: RunPlan
  readonly scenario: ScenarioPlan
  readonly flow: FlowPlan
  readonly workers: number
  /** In all, for each client of the flow. */
  readonly durationMs: number
}

export type Run = (plan: RunPlan, options: RunOptions) => Promise<RunResult>

/** A part for warming up and one for looking, in the closed loop; one for warming up and the steps, in the open one. */
const parts = 3 + stepCount
/** What a step leaves must not wait for the next one. */
const drainMs = 250

/**
 * Finds the highest rate of a flow on its driver's loopback: a closed loop shows where to look, then an open loop goes upward
 * step by step until two steps in a row were not reached. One result for each client of the flow.
 */
export async function measureCeiling(
  request: CeilingRequest,
  run: Run,
  options: RunOptions,
): Promise<readonly (Calibrated | Refused)[]> {
  const { flow, durationMs } = request
  const partMs = durationMs / parts
  const { connections } = busiest(request)
  const closed = { model: 'closed', connections, thinkMs: 0 } as const
  const looked = await run(
    planOf(request, [
      { name: 'warm-up', kind: 'warmup', durationMs: partMs, loads: { [flow.name]: closed } },
      { name: 'closed loop', kind: 'measure', durationMs: partMs, loads: { [flow.name]: closed } },
    ]),
    options,
  )
  const found: (Calibrated | Refused)[] = []
  for (const lane of looked.scenarios) {
    if (options.interrupt?.aborted) break
    const why = lane.errors[0]?.message ?? (lane.reason === 'errored' ? 'the closed loop failed' : undefined)
    const last = lane.phases.at(-1)
    if (why !== undefined || last === undefined) found.push(refusedOf(request, why ?? 'nothing was measured'))
    else found.push(await climb(request, lane.scenario, answeredPerSecond(last), partMs, run, options))
  }
  if (found.length === 0 && !options.interrupt?.aborted && looked.errors[0])
    found.push(refusedOf(request, looked.errors[0].message))
  return found
}

/** The open loop, for one client. */
async function climb(
  request: CeilingRequest,
  { flows }: Scenario,
  closedPerSecond: number,
  partMs: number,
  run: Run,
  options: RunOptions,
): Promise<Calibrated | Refused> {
  const { flow, scenario, workers } = request
  const { connections, arrivals } = busiest(request)
  const rates = ratesFor(closedPerSecond)
  const open = (perSecond: number): ScenarioPlan['phases'][number]['loads'] => ({
    [flow.name]: {
      model: 'open',
      connections,
      arrivals,
      stages: [{ durationMs: partMs, fromPerSecond: perSecond, toPerSecond: perSecond }],
    },
  })
  const steps: Step[] = []
  const end = new AbortController()
  const follow: Plugin = {
    name: 'calibrate',
    hooks: {
      'phase:end'(result) {
        // one that was cut short tells nothing
        if (result.phase.kind !== 'measure' || end.signal.aborted || options.interrupt?.aborted) return
        steps.push(stepOf(result, connections))
        if (isOver(steps)) end.abort()
      },
    },
  }
  let setup = ''
  const client = flows[0]!.client?.name
  const clients = scenario.clients === undefined || client === undefined ? {} : { clients: [client] }
  const plan = planOf({ ...request, scenario: { ...scenario, ...clients } }, [
    { name: 'warm-up', kind: 'warmup', durationMs: partMs, loads: open(rates[0]!) },
    ...rates.map((rate) => ({
      name: `${rate}/s`,
      kind: 'measure' as const,
      durationMs: partMs,
      loads: open(rate),
    })),
  ])
  const interrupts = [end.signal, ...(options.interrupt ? [options.interrupt] : [])]
  const result = await run(
    { ...plan, plugins: [follow] },
    {
      ...options,
      interrupt: AbortSignal.any(interrupts),
      ceilingOf: (digest) => {
        setup = digest
        return undefined
      },
    },
  )
  const error = result.scenarios[0]?.errors[0] ?? result.errors[0]
  if (error && steps.length === 0) return refusedOf(request, error.message)
  return { scenario: scenario.id, flow: flows[0]!, workers, setup, steps, ceiling: ceilingIn(steps) }
}

function refusedOf({ scenario, flow, workers }: CeilingRequest, why: string): Refused {
  return { scenario: scenario.id, flow: flow.name, driver: flow.driver, workers, why }
}

/** One flow alone, on the loopback server of its driver, with nothing that checks or reports it. */
function planOf({ plan, scenario, flow, workers }: CeilingRequest, phases: ScenarioPlan['phases']): RunPlan {
  const { log: _, ...rest } = scenario
  const alone: ScenarioPlan = {
    ...rest,
    flows: [{ ...flow, target: { name: flow.target.name, url: 'loopback' } }],
    phases,
    checks: [],
    alerts: [],
    workers,
    drainMs,
  }
  return { ...plan, scenarios: [alone], reporters: [], plugins: [] }
}

/** The most connections of its phases, which is what a worker opens; arrivals as in the first open one. */
function busiest({ scenario, flow }: CeilingRequest): {
  readonly connections: number
  readonly arrivals: 'constant' | 'poisson'
} {
  const loads = scenario.phases.map((phase) => phase.loads[flow.name]!)
  const open = loads.find((load) => load.model === 'open')
  return {
    connections: Math.max(...loads.map(({ connections }) => connections)),
    arrivals: open?.arrivals ?? 'constant',
  }
}

function stepOf({ phase, flows, generators, elapsedMs }: PhaseResult, connections: number): Step {
  const flow = flows[0]!
  const { scheduled } = flow.total
  const load = phase.loads[flow.flow]!
  const lags = generators.map(({ lag }) => (lag.count === 0 ? 0 : lag.percentile(99) / 1e6))
  return {
    perSecond: load.model === 'open' ? load.stages[0]!.toPerSecond : (scheduled * 1000) / elapsedMs,
    lagP99Ms: Number(Math.max(0, ...lags).toFixed(3)),
    // what was on its way at the end is not missing
    achieved:
      scheduled === 0 ? 0 : Number(Math.min(1, (answeredOf(flow) + connections) / scheduled).toFixed(4)),
  }
}

function answeredPerSecond({ flows, elapsedMs }: PhaseResult): number {
  return (answeredOf(flows[0]!) * 1000) / elapsedMs
}

/** Until the end of the schedule. */
function answeredOf({ total: { ok, failed, lateShare } }: FlowMetrics): number {
  return ok + failed - lateShare
}
