import { Schedule } from '../load/schedule.ts'
import type { FlowDelta, WorkerInterval } from '../metrics/delta.ts'
import { mapEach, sentOf, zerosOf } from '../metrics/record.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'
import type { Load } from '../plugin/model.ts'
import {
  flowCounts,
  generatorDistributions,
  generatorReadings,
  operationCounts,
  operationDistributions,
} from '../plugin/record.ts'

interface WorkerAccount {
  readonly flows: { sent: number; accounted: number }[]
  lastMs: number
  lastIndex: number
  isClosed: boolean
}

export interface AccountsOptions {
  /** By flow, like everything here. */
  readonly loads: readonly Load[]
  readonly salts: readonly number[]
  readonly workloads: readonly string[]
  readonly workers: number
  readonly durationMs: number
}

/** What each worker has reported so far, to account for the rest when it dies. */
export interface Accounts {
  add(worker: number, interval: WorkerInterval): void
  close(worker: number): void
  isClosed(worker: number): boolean
  /**
   * What a dead worker leaves behind, as its last report: requests in flight count as unanswered, and the arrivals
   * of its slice up to its death as unsent. No other worker sends them.
   */
  chargeDead(worker: number, diedMs: number): WorkerInterval
}

export function createAccounts(options: AccountsOptions): Accounts {
  const accounts = Array.from({ length: options.workers }, (): WorkerAccount => ({
    flows: options.loads.map(() => ({ sent: 0, accounted: 0 })),
    lastMs: 0,
    lastIndex: -1,
    isClosed: false,
  }))
  return {
    add(worker, { index, endMs, flows }) {
      const account = accounts[worker]!
      account.lastMs = endMs
      account.lastIndex = index
      for (const [at, delta] of flows.entries()) {
        const flow = account.flows[at]!
        flow.sent += delta.sent
        for (const operation of delta.operations) flow.accounted += sentOf(operation)
      }
    },
    close(worker) {
      accounts[worker]!.isClosed = true
    },
    isClosed: (worker) => accounts[worker]!.isClosed,
    chargeDead(worker, diedMs) {
      const account = accounts[worker]!
      account.isClosed = true
      return {
        index: account.lastIndex + 1,
        startMs: account.lastMs,
        endMs: Math.max(account.lastMs, Math.min(diedMs, options.durationMs)),
        flows: options.loads.map((_, at) => chargeOf(options, account, { worker, at, diedMs })),
        generator: {
          ...mapEach(generatorReadings, () => 0),
          ...mapEach(generatorDistributions, () => new HistogramRecorder().drain()),
        },
      }
    },
  }
}

interface Death {
  readonly worker: number
  /** Index of the flow. */
  readonly at: number
  readonly diedMs: number
}

/** What a dead worker leaves behind of one flow. */
function chargeOf(options: AccountsOptions, { flows, lastMs }: WorkerAccount, death: Death): FlowDelta {
  const { at, diedMs } = death
  const { sent, accounted } = flows[at]!
  const load = options.loads[at]!
  const unanswered = sent - accounted
  const times = mapEach(operationDistributions, () => new HistogramRecorder())
  // when they were due is not known; they were in flight at the last report, so they have waited since then at least
  const waitedNs = Math.max(0, diedMs - lastMs) * 1e6
  times.service.recordMany(unanswered, () => waitedNs)
  if (load.model === 'open') {
    times.response.recordMany(unanswered, () => waitedNs)
    times.lag.recordMany(unanswered, () => 0)
  }
  const unsent = load.model === 'open' ? recordUnsent(options, load, death, sent, times.response) : 0
  return {
    ...zerosOf(flowCounts),
    operations: [
      {
        operation: options.workloads[at]!,
        outcomes: {},
        ...zerosOf(operationCounts),
        unanswered,
        unsent,
        censored: times.response.count,
        ...mapEach(operationDistributions, (name) => times[name].drain()),
      },
    ],
    sent: 0,
    inFlightMs: unanswered * Math.max(0, Math.min(diedMs, options.durationMs) - lastMs),
    counters: {},
    recorders: {},
  }
}

/** Arrivals leave in order: the first `sent` of the slice have left, the rest up to the worker's death have not. */
function recordUnsent(
  { salts, workers, durationMs }: AccountsOptions,
  load: Extract<Load, { model: 'open' }>,
  { worker, at, diedMs }: Death,
  sent: number,
  response: HistogramRecorder,
): number {
  const stride = Math.min(workers, load.connections)
  if (worker >= stride) return 0
  const schedule = new Schedule(load, salts[at]!, { first: worker, stride })
  schedule.endAt(Math.min(durationMs, diedMs))
  schedule.skip(sent)
  const { count, dueMs } = schedule.takeRest()
  response.recordMany(count, (arrival) => (diedMs - dueMs(arrival)) * 1e6)
  return count
}
