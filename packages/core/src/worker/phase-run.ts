import type { Clock } from '../load/clock.ts'
import { saltOf } from '../load/random.ts'
import type { FlowDelta, GeneratorDelta, WorkerInterval } from '../metrics/delta.ts'
import type { HistogramRecorder } from '../metrics/recorder.ts'
import type { PhaseTotals, WirePhase } from '../protocol/protocol.ts'
import type { Connections, Link } from './connections.ts'
import { FlowLoad, type FlowOwner } from './flow-load.ts'
import type { Pacer } from './pacer.ts'
import type { RequestObserver } from './request-observer.ts'
import { Lane } from './slots.ts'
import type { Tally } from './tally.ts'

/** How often to look for requests that have waited too long. */
const sweepMs = 100
/** Requests that have waited too long are noticed when they have, but looking for them takes no more time than this. */
const shortestSweepMs = 1
const sweepsPerTimeout = 100

/** What a phase needs from a flow. */
export interface PhaseFlow {
  readonly name: string
  readonly tally: Tally
  readonly connections: Connections
  readonly requests?: RequestObserver | undefined
}

export interface PhaseRunOptions {
  readonly clock: Clock
  /** Calls `wake`. */
  readonly pacer: Pacer
  readonly phase: WirePhase
  /** On the clock of the load. */
  readonly startMs: number
  readonly seed: number
  readonly worker: { readonly index: number; readonly total: number }
  readonly flows: readonly PhaseFlow[]
  readonly generator: { readonly lag: HistogramRecorder; drain(): GeneratorDelta }
  readonly onInterval: (interval: WorkerInterval) => void
  /** Of the server, cumulative, by flow; undefined where there is none. */
  readonly observe?: (() => Promise<Observed>) | undefined
}

/** By flow; undefined where there is nothing to observe. */
type Observed = ReadonlyArray<Readonly<Record<string, number>> | undefined>

interface RunningFlow extends PhaseFlow {
  readonly load: FlowLoad
  /** Connections from this index on are left alone in this phase. */
  readonly connectionLimit: number
  reported: { sent: number; inFlightMs: number }
}

/** One phase in one worker: paces its flows, reports intervals, drains, and closes the account. */
export class PhaseRun implements FlowOwner {
  readonly #options: PhaseRunOptions
  readonly #flows: RunningFlow[]
  readonly #result: Promise<PhaseTotals>
  #settle!: { readonly resolve: (totals: PhaseTotals) => void; readonly reject: (error: unknown) => void }
  #endMs: number
  #deadlineMs: number
  #intervalStartMs = 0
  #cancelInterval = (): void => {}
  #cancelSweep = (): void => {}
  /** Answers that are there when the schedule ends, or soon after, end the phase; for others it looks less and less often. */
  #drainPauseMs = 1
  #observed: Observed = []
  #reported: Promise<void> = Promise.resolve()
  #settled = false

  constructor(options: PhaseRunOptions) {
    this.#options = options
    const { phase, startMs } = options
    this.#endMs = startMs + phase.durationMs
    this.#deadlineMs = this.#endMs + phase.drainMs
    this.#result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    this.#flows = options.flows.map((flow, at) => this.#createFlow(flow, at))
    for (const flow of this.#flows) takeConnections(flow)
    for (const { connections } of this.#flows) connections.during(startMs, this.#endMs)
    this.#planSweep(startMs + Math.min(sweepMs, phase.timeoutMs))
    this.#planInterval(0)
    this.rearm()
  }

  /** Resolves when everything was answered or given up. */
  async finished(): Promise<PhaseTotals> {
    this.#observed = (await this.#options.observe?.()) ?? []
    return this.#result
  }

  /** Ends the schedule now, and gives up what has not been answered after `graceMs`. */
  stop(graceMs: number): void {
    if (this.#settled) return
    const nowMs = this.#options.clock.now()
    this.#endMs = Math.min(this.#endMs, Math.max(nowMs, this.#options.startMs))
    this.#deadlineMs = Math.min(this.#deadlineMs, nowMs + graceMs)
    for (const { load, connections } of this.#flows) {
      load.stop(this.#endMs)
      connections.during(this.#options.startMs, this.#endMs)
    }
    this.#planInterval(
      Math.floor(Math.max(0, nowMs - this.#options.startMs - 1) / this.#options.phase.intervalMs),
    )
    this.#planSweep(this.#endMs)
    this.rearm()
  }

  #createFlow(flow: PhaseFlow, at: number): RunningFlow {
    const { clock, phase, seed, startMs, worker, generator } = this.#options
    const load = phase.loads[at]!
    // arrivals are dealt out to the workers that have connections
    const stride = Math.min(worker.total, load.connections)
    const flowLoad = new FlowLoad({
      clock,
      load,
      tally: flow.tally,
      // requests depend on their number alone; arrivals begin anew in every phase, each time differently
      salt: saltOf(seed, 0, flow.name),
      arrivalSalt: saltOf(seed, phase.number, flow.name),
      firstIndex: phase.firstIndices[at]!,
      slice: { first: worker.index, stride },
      startMs,
      endMs: worker.index < stride ? this.#endMs : startMs,
      timeoutMs: phase.timeoutMs,
      dispatchLag: generator.lag,
      connections: flow.connections,
      phase: this,
      requests: flow.requests,
    })
    return {
      ...flow,
      load: flowLoad,
      connectionLimit: load.connections,
      reported: { sent: 0, inFlightMs: 0 },
    }
  }

  /** Sends what has come due. */
  wake(): void {
    const nowMs = this.#options.clock.now()
    for (const { load } of this.#flows) load.wake(nowMs)
    this.rearm()
  }

  rearm(): void {
    // the pacer serves the phase that follows
    if (this.#settled) return
    let wakeMs = Infinity
    for (const { load } of this.#flows) wakeMs = Math.min(wakeMs, load.wakeMs)
    this.#options.pacer.arm(wakeMs)
  }

  #sweep(): void {
    const { clock, phase } = this.#options
    const nowMs = clock.now()
    let nextMs = nowMs + sweepMs
    for (const { load } of this.#flows) nextMs = Math.min(nextMs, load.sweep(nowMs))
    const isOver = nowMs >= this.#endMs && this.#flows.every(({ load }) => load.isOver)
    if (isOver || nowMs >= this.#deadlineMs) {
      void this.#finish(nowMs)
      return
    }
    const pauseMs = Math.min(sweepMs, Math.max(shortestSweepMs, phase.timeoutMs / sweepsPerTimeout))
    nextMs = Math.max(nextMs, nowMs + pauseMs)
    if (nowMs >= this.#endMs) {
      nextMs = Math.min(nextMs, nowMs + this.#drainPauseMs)
      this.#drainPauseMs *= 2
    }
    this.#planSweep(nextMs)
  }

  #planSweep(atMs: number): void {
    const { clock } = this.#options
    this.#cancelSweep()
    const limitMs = clock.now() < this.#endMs ? this.#endMs : this.#deadlineMs
    this.#cancelSweep = clock.at(Math.min(atMs, limitMs), () => this.#sweep())
  }

  #planInterval(index: number): void {
    const { clock, phase, startMs } = this.#options
    this.#cancelInterval()
    let atMs = startMs + (index + 1) * phase.intervalMs
    // the end of the schedule ends an interval: what the workers do later belongs to no mean and no share
    if (this.#intervalStartMs < this.#endMs - startMs) atMs = Math.min(atMs, this.#endMs)
    this.#cancelInterval = clock.at(atMs, () => {
      const nowMs = clock.now()
      // a worker that was held up for several intervals reports them as one
      const reached = Math.max(index, Math.floor((nowMs - startMs) / phase.intervalMs) - 1)
      // the end of the phase says what went wrong
      this.#report(reached, nowMs).catch(() => {})
      this.#planInterval(reached + 1)
    })
  }

  /** Reports leave in order, however long the server takes to say what it counted. */
  #report(index: number, nowMs: number): Promise<void> {
    const { generator, onInterval, startMs } = this.#options
    const startedMs = this.#intervalStartMs
    this.#intervalStartMs = nowMs - startMs
    const drained = this.#flows.map((flow) => this.#drain(flow, nowMs))
    const watched = generator.drain()
    const observing = this.#options.observe?.()
    const before = this.#reported
    const send = async (): Promise<void> => {
      const [observed = []] = await Promise.all([observing, before])
      const counters = this.#serverCounters(observed)
      const flows = drained.map((flow, at) => ({ ...flow, counters: { ...flow.counters, ...counters[at] } }))
      onInterval({ index, startMs: startedMs, endMs: nowMs - startMs, flows, generator: watched })
    }
    this.#reported = send()
    return this.#reported
  }

  #drain(flow: RunningFlow, nowMs: number): FlowDelta {
    const { sent, inFlightMs } = flow.load.totals(nowMs)
    const before = flow.reported
    flow.reported = { sent, inFlightMs }
    return {
      ...flow.tally.drain(),
      connections: flow.connections.drain(),
      requests: flow.requests?.drain?.(this.#options.startMs),
      sent: sent - before.sent,
      inFlightMs: inFlightMs - before.inFlightMs,
    }
  }

  /** What the servers counted since the last look. */
  #serverCounters(now: Observed): ReadonlyArray<Readonly<Record<string, number>>> {
    const before = this.#observed
    this.#observed = now
    return now.map((counters, at) => {
      const deltas: Record<string, number> = {}
      for (const [name, value] of Object.entries(counters ?? {})) {
        const last = before[at]?.[name]
        // a counter that went back was reset, such as by a restart of the server: it counts from 0 again
        deltas[name] = last === undefined ? 0 : value >= last ? value - last : value
      }
      return deltas
    })
  }

  async #finish(nowMs: number): Promise<void> {
    if (this.#settled) return
    this.#settled = true
    this.#stopTimers()
    const { phase, startMs } = this.#options
    for (const { load } of this.#flows) load.giveUp(nowMs)
    try {
      await this.#report(Math.floor(Math.max(0, nowMs - startMs - 1) / phase.intervalMs), nowMs)
    } catch (error) {
      this.#settle.reject(error)
      return
    }
    const flows = this.#flows.map(({ load }) => load.totals(nowMs))
    this.#settle.resolve({ elapsedMs: this.#endMs - startMs, flows })
  }

  broken(error: unknown): void {
    if (this.#settled) return
    this.#settled = true
    this.#stopTimers()
    this.#settle.reject(error)
  }

  #stopTimers(): void {
    this.#cancelInterval()
    this.#cancelSweep()
    this.#options.pacer.arm(Infinity)
    for (const { connections } of this.#flows) connections.onOpen = connections.onLost = undefined
  }
}

function takeConnections({ connections, connectionLimit, load }: RunningFlow): void {
  const add = ({ index, connection }: Link): void => {
    if (index < connectionLimit) load.add(new Lane(index, connection, load))
  }
  for (const link of connections.links) add(link)
  connections.onOpen = add
  connections.onLost = ({ connection }, error) => load.lose(connection, error)
}
