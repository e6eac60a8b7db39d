import type { WorkerInterval } from '../metrics/delta.ts'
import { flowMetricsOf, generatorOf, mergeIntervals, sumGenerators } from '../metrics/intervals.ts'
import { sumFlowLists } from '../metrics/metrics.ts'
import { mergeRequests } from '../metrics/requests.ts'
import { sumSignals } from '../metrics/signals.ts'
import type { FlowMetrics, GeneratorSample, Interval, MachineSignals, Phase } from '../plugin/model.ts'
import type { RequestReader } from './request-reader.ts'

/** A phase keeps this many intervals at most; beyond it, neighbours are merged. */
const keptIntervals = 120

export interface CollectorOptions {
  readonly phase: Phase
  /** Names, in the order in which workers report them. */
  readonly flows: readonly string[]
  readonly workers: number
  /** Only where requests are traced. */
  readonly requestsOf?: RequestReader | undefined
  readonly onInterval: (interval: Interval) => void
}

/** Merges what the workers report of a phase, by interval, and adds it up. */
export class Collector {
  readonly #options: CollectorOptions
  /** By interval number, then by worker. */
  readonly #waiting = new Map<number, Map<number, WorkerInterval>>()
  readonly #gone = new Set<number>()
  /** The last interval each worker has reported. */
  readonly #reached: number[]
  #next = 0
  #lastEndMs = 0
  #kept: Interval[] = []
  /** How many reported intervals make a kept one, and how many the last one has so far. */
  #perKept = 1
  #inLast = 0
  #total: readonly FlowMetrics[] = []
  #generators: readonly GeneratorSample[] = []
  #signals: readonly MachineSignals[] = []
  /** Sampled since an interval was closed. */
  #newSignals: readonly MachineSignals[] = []

  constructor(options: CollectorOptions) {
    this.#options = options
    this.#reached = Array.from({ length: options.workers }, () => -1)
  }

  add(worker: number, interval: WorkerInterval): void {
    // numbers of a closed interval join the next one: late, not lost
    const index = Math.max(interval.index, this.#next)
    const together = this.#waiting.get(index) ?? new Map<number, WorkerInterval>()
    this.#waiting.set(index, together)
    // a worker reports the end of its phase under the number of the stretch it is in
    const key = together.has(worker) ? worker + this.#options.workers * (together.size + 1) : worker
    together.set(key, interval)
    this.#reached[worker] = Math.max(this.#reached[worker]!, interval.index)
    this.#closeReady()
  }

  /** What an environment sampled: part of the interval that is closed next. */
  addSignals(signals: MachineSignals): void {
    this.#newSignals = sumSignals([...this.#newSignals, signals])
  }

  /** The worker will not report any more. */
  gone(worker: number): void {
    this.#gone.add(worker)
    this.#closeReady()
  }

  /** Closes what is open, and returns the total. */
  finish(): {
    readonly flows: readonly FlowMetrics[]
    readonly generators: readonly GeneratorSample[]
    readonly signals: readonly MachineSignals[]
    readonly intervals: readonly Interval[]
  } {
    for (const index of [...this.#waiting.keys()].toSorted((a, b) => a - b)) this.#close(index)
    const last = this.#kept.at(-1)
    const signals = this.#takeSignals()
    // sampled when the last interval had been closed
    if (last && signals.length > 0)
      this.#kept[this.#kept.length - 1] = { ...last, signals: sumSignals([...last.signals, ...signals]) }
    return { flows: this.#total, generators: this.#generators, signals: this.#signals, intervals: this.#kept }
  }

  #takeSignals(): readonly MachineSignals[] {
    const signals = this.#newSignals
    this.#newSignals = []
    this.#signals = sumSignals([...this.#signals, ...signals])
    return signals
  }

  #closeReady(): void {
    const live = this.#reached.filter((_, worker) => !this.#gone.has(worker))
    const slowest = live.length > 0 ? Math.min(...live) : Infinity
    const fastest = Math.max(...this.#reached)
    for (const index of [...this.#waiting.keys()].toSorted((a, b) => a - b))
      // all workers have reported it, or one is a whole interval ahead
      if (slowest >= index || fastest > index + 1) this.#close(index)
      else break
  }

  #close(index: number): void {
    const together = this.#waiting.get(index)!
    this.#waiting.delete(index)
    this.#next = index + 1
    const { phase, flows, workers, requestsOf, onInterval } = this.#options
    const reports = [...together].map(([key, report]) => ({ worker: key % workers, report }))
    const parts = reports.map(({ worker, report }) => ({
      startMs: report.startMs,
      endMs: report.endMs,
      flows: report.flows.map((delta, at) => flowMetricsOf(flows[at]!, delta)),
      generators: [generatorOf(worker, report.generator)],
    }))
    const heard = new Set(reports.map(({ worker }) => worker))
    const endMs = Math.max(this.#lastEndMs, ...parts.map((part) => part.endMs))
    const interval: Interval = {
      phase,
      startMs: this.#lastEndMs,
      endMs,
      flows: sumFlowLists(parts.map((part) => part.flows)),
      generators: sumGenerators(parts),
      signals: this.#takeSignals(),
      ...(requestsOf &&
        mergeRequests(
          reports.flatMap(({ report }) =>
            report.flows.flatMap(({ requests }, at) => (requests ? requestsOf(at, requests) : [])),
          ),
        )),
      missing: workers - heard.size - [...this.#gone].filter((worker) => !heard.has(worker)).length,
    }
    const before = { startMs: 0, endMs: this.#lastEndMs, generators: this.#generators }
    // what the drain costs is in its interval, but in no share of the phase
    if (interval.startMs < phase.durationMs) this.#generators = sumGenerators([before, interval])
    this.#total = sumFlowLists([this.#total, interval.flows])
    this.#lastEndMs = endMs
    this.#keep(interval)
    onInterval(interval)
  }

  /** All kept intervals but the last are of one width, however long the phase is. */
  #keep(interval: Interval): void {
    const last = this.#kept.at(-1)
    if (last && this.#inLast < this.#perKept) {
      this.#kept[this.#kept.length - 1] = mergeIntervals(last, interval)!
      this.#inLast++
      return
    }
    if (this.#kept.length === keptIntervals) {
      this.#kept = Array.from({ length: keptIntervals / 2 }, (_, at) =>
        mergeIntervals(this.#kept[2 * at]!, this.#kept[2 * at + 1]!)!,
      )
      this.#perKept *= 2
    }
    this.#kept.push(interval)
    this.#inLast = 1
  }
}
