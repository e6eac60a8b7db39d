import { saltOf } from '../../src/load/random.ts'
import type { WorkerInterval } from '../../src/metrics/delta.ts'
import { HistogramRecorder } from '../../src/metrics/recorder.ts'
import { breachesOf } from '../../src/orchestrator/breaches.ts'
import { Collector } from '../../src/orchestrator/collector.ts'
import type { Connection, Outcome, Slot } from '../../src/plugin/driver.ts'
import type { FlowMetrics, Interval, Load, OpenLoad, Phase, PhaseResult } from '../../src/plugin/model.ts'
import type { PhaseTotals } from '../../src/protocol/protocol.ts'
import { Connections, type Lost } from '../../src/worker/connections.ts'
import { HiccupProbe } from '../../src/worker/hiccup-probe.ts'
import { type Pacer, timerPacer } from '../../src/worker/pacer.ts'
import { PhaseRun } from '../../src/worker/phase-run.ts'
import { Shares } from '../../src/worker/shares.ts'
import { SocketCount } from '../../src/worker/socket-count.ts'
import { Tally } from '../../src/worker/tally.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface Simulation {
  readonly load: Load
  readonly durationMs: number
  readonly workers?: number
  readonly seed?: number
  readonly drainMs?: number
  readonly timeoutMs?: number
  readonly intervalMs?: number
  readonly streams?: number
  /** By how much the generator is woken before it asked to be. @default 0 */
  readonly wokenEarlyMs?: number
  /** Whether workers look for hiccups, which takes 50 events for each second. @default true */
  readonly looksForHiccups?: boolean
  /** The server: called for every request that arrives. */
  readonly serve: Serve
  /** Called for every attempt to connect; may throw. */
  readonly connect?: (index: number, nowMs: number, lost: Lost) => void
  /** Reads the counters of the server. */
  readonly observe?: (clock: VirtualClock) => Promise<Readonly<Record<string, number>>>
  /** While the run is going on. */
  readonly script?: (context: {
    readonly clock: VirtualClock
    /** When the phase begins. */
    readonly startMs: number
    readonly stop: (graceMs: number) => void
  }) => void
}

export type Serve = (slot: Slot, context: ServerContext) => void

interface ServerContext {
  readonly clock: VirtualClock
  readonly ok: Outcome
  readonly bad: Outcome
  readonly connection: number
  /** Milliseconds since the phase began. */
  readonly nowMs: number
  /** Answers a request after the given number of milliseconds. */
  answer(slot: Slot, afterMs: number, outcome?: Outcome): void
}

export interface Simulated {
  readonly flow: FlowMetrics
  /** All that was measured. */
  readonly result: PhaseResult
  /** As they were reported. */
  readonly intervals: readonly Interval[]
  readonly totals: readonly PhaseTotals[]
  readonly elapsedMs: number
  /** When the last worker had closed the phase, in milliseconds since it began. */
  readonly finishedMs: number
  readonly breaches: readonly string[]
  /** When each request arrived at the server, in milliseconds since the phase began. */
  readonly arrivalsMs: readonly number[]
  readonly closed: number
}

/** Wakes before it was asked to, and on time once that is near. */
function earlyPacer(pacer: Pacer, clock: VirtualClock, earlyMs: number): Pacer {
  return {
    arm: (atMs) => pacer.arm(atMs - earlyMs > clock.now() ? atMs - earlyMs : atMs),
    close: () => pacer.close(),
  }
}

/** Runs a phase as workers and orchestrator would, in virtual time, against a simulated server. */
export async function simulate(simulation: Simulation): Promise<Simulated> {
  const { load, durationMs, workers = 1, seed = 1, wokenEarlyMs = 0, looksForHiccups = true } = simulation
  const clock = new VirtualClock(1000)
  const startMs = 2000
  const arrivalsMs: number[] = []
  let closed = 0
  let finishedMs = 0
  const phase: Phase = { name: 'test', kind: 'measure', scenario: 'test', durationMs, loads: { main: load } }
  const intervals: Interval[] = []
  const collector = new Collector({
    phase,
    flows: ['main'],
    workers,
    onInterval: (interval) => intervals.push(interval),
  })
  const runs: PhaseRun[] = []
  for (let worker = 0; worker < workers; worker++) {
    const tally = new Tally('work')
    const shares = new Shares()
    const context = { ok: tally.outcome('ok'), bad: tally.outcome('bad', { ok: false }) }
    const connections = new Connections({
      clock,
      indices: Array.from({ length: load.connections }, (_, index) => index).filter(
        (index) => index % workers === worker,
      ),
      connect: async (index, _holder, lost): Promise<Connection> => {
        simulation.connect?.(index, clock.now() - startMs, lost)
        return {
          streams: simulation.streams ?? 1,
          issue(slot) {
            const nowMs = clock.now() - startMs
            arrivalsMs.push(nowMs)
            const answer = (to: Slot, afterMs: number, outcome = context.ok): void =>
              void clock.at(clock.now() + afterMs, () => to.done(outcome))
            simulation.serve(slot, { ...context, clock, connection: index, nowMs, answer })
          },
          close: () => void closed++,
        }
      },
      holder: () => shares.holder('test'),
      sockets: new SocketCount(clock),
      warn: () => {},
    })
    await connections.openAll()
    // the phase does not begin at the moment at which the last one is open
    clock.skip(10)
    const lag = new HistogramRecorder()
    const hiccups = new HiccupProbe(clock, (sleepMs, wake) => clock.at(clock.now() + sleepMs, wake))
    if (looksForHiccups) hiccups.start()
    const drain = (): WorkerInterval['generator'] => ({
      cpuMs: 0,
      busy: 0,
      gcCount: 0,
      gcMs: 0,
      gcMinorMs: 0,
      gcMajorMs: 0,
      gcIncrementalMs: 0,
      gcWeakMs: 0,
      gcMaxMs: 0,
      allocatedBytes: 0,
      lag: lag.drain(),
      hiccup: hiccups.drain(),
      rssBytes: 0,
    })
    const wake = (): void => run.wake()
    const run = new PhaseRun({
      clock,
      pacer: earlyPacer(timerPacer(clock, wake), clock, wokenEarlyMs),
      phase: {
        number: 0,
        firstIndices: [0],
        durationMs,
        loads: [load],
        intervalMs: simulation.intervalMs ?? 1000,
        drainMs: simulation.drainMs ?? 5000,
        timeoutMs: simulation.timeoutMs ?? 60_000,
      },
      startMs,
      seed,
      worker: { index: worker, total: workers },
      flows: [{ name: 'main', tally, connections }],
      generator: { lag, drain },
      onInterval: (interval) => {
        finishedMs = Math.max(finishedMs, interval.endMs)
        collector.add(worker, interval)
      },
      observe: simulation.observe && (async () => [await simulation.observe!(clock)]),
    })
    runs.push(run)
  }
  let isStopped = false
  simulation.script?.({
    clock,
    startMs,
    stop(graceMs) {
      isStopped = true
      for (const run of runs) run.stop(graceMs)
    },
  })
  const totals = await clock.until(Promise.all(runs.map((run) => run.finished())))
  const collected = collector.finish()
  const { flows } = collected
  const flow = flows[0]!
  const elapsedMs = Math.max(...totals.map((total) => total.elapsedMs))
  const breaches = breachesOf({
    elapsedMs,
    flow: 'main',
    load,
    salt: saltOf(seed, 0, 'main'),
    metrics: flow,
    totals: totals.map((total) => total.flows[0]),
    isComplete: !isStopped,
  })
  return {
    flow,
    result: { phase, startedAt: new Date(0), elapsedMs, breaches, ...collected },
    intervals,
    totals,
    elapsedMs,
    finishedMs,
    breaches,
    arrivalsMs: arrivalsMs.toSorted((a, b) => a - b),
    closed,
  }
}

/** A constant open load. */
export function constantRate(perSecond: number, durationMs: number, connections = 100): Load {
  return {
    model: 'open',
    connections,
    arrivals: 'constant',
    stages: [{ durationMs, fromPerSecond: perSecond, toPerSecond: perSecond }],
  }
}

/** An open load whose arrivals are random, the same for the same seed. */
export function poissonRate(perSecond: number, durationMs: number, connections = 500): Load {
  return { ...(constantRate(perSecond, durationMs, connections) as OpenLoad), arrivals: 'poisson' }
}
