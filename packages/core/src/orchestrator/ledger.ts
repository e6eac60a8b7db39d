import type { Load } from '../plugin/model.ts'
import type { FlowDelta, OperationDelta, WorkerInterval } from '../protocol/protocol.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'
import { Schedule } from '../load/schedule.ts'

interface FlowAccount {
  sent: number
  accounted: number
}

interface WorkerAccount {
  readonly flows: FlowAccount[]
  lastMs: number
  lastIndex: number
  isClosed: boolean
}

export interface LedgerOptions {
  /** By flow, like everything here. */
  readonly loads: readonly Load[]
  readonly salts: readonly number[]
  readonly workloads: readonly string[]
  readonly workers: number
  readonly durationMs: number
}

/** What each worker has said so far, to account for the rest when it dies. */
export interface Ledger {
  add(worker: number, interval: WorkerInterval): void
  close(worker: number): void
  isClosed(worker: number): boolean
  /**
   * What a dead worker leaves behind, as its last report: requests in flight count as unanswered, and the arrivals
   * of its slice up to its death as unsent. Nobody else sends them.
   */
  chargeDead(worker: number, diedMs: number): WorkerInterval
}

export function createLedger({ loads, salts, workloads, workers, durationMs }: LedgerOptions): Ledger {
  const accounts = Array.from({ length: workers }, (): WorkerAccount => ({
    flows: loads.map(() => ({ sent: 0, accounted: 0 })),
    lastMs: 0,
    lastIndex: -1,
    isClosed: false,
  }))

  const charge = (worker: number, at: number, diedMs: number): FlowDelta => {
    const { flows, lastMs } = accounts[worker]!
    const { sent, accounted } = flows[at]!
    const load = loads[at]!
    const unanswered = sent - accounted
    const response = new HistogramRecorder()
    const service = new HistogramRecorder()
    const lag = new HistogramRecorder()
    // when they were due is not known; they were under way at the last report, so they have waited since then at least
    const waitedNs = Math.max(0, diedMs - lastMs) * 1e6
    for (let request = 0; request < unanswered; request++) {
      service.record(waitedNs)
      if (load.model !== 'open') continue
      response.record(waitedNs)
      lag.record(0)
    }
    const unsent = load.model === 'open' ? recordUnsent(load, worker, at, sent, diedMs, response) : 0
    const operation: OperationDelta = {
      operation: workloads[at]!,
      ok: 0,
      failed: 0,
      timedOut: 0,
      unanswered,
      unsent,
      censored: response.count,
      outcomes: {},
      response: response.drain(),
      service: service.drain(),
      lag: lag.drain(),
      failures: new HistogramRecorder().drain(),
    }
    return {
      operations: [operation],
      scheduled: unsent,
      sent: 0,
      inFlight: 0,
      inFlightMs: unanswered * Math.max(0, diedMs - lastMs),
      opened: 0,
      refused: 0,
      openMs: 0,
      bytesSent: 0,
      bytesReceived: 0,
      counters: {},
      recorders: {},
    }
  }

  /** Arrivals leave in order: the first `sent` of the slice have left, the rest up to its death have not. */
  const recordUnsent = (
    load: Extract<Load, { model: 'open' }>,
    worker: number,
    at: number,
    sent: number,
    diedMs: number,
    response: HistogramRecorder,
  ): number => {
    const stride = Math.min(workers, load.connections)
    if (worker >= stride) return 0
    const schedule = new Schedule(load, salts[at]!, { first: worker, stride })
    let unsent = 0
    for (let arrival = 0; schedule.dueMs < Math.min(durationMs, diedMs); arrival++) {
      if (arrival >= sent) {
        unsent++
        response.record((diedMs - schedule.dueMs) * 1e6)
      }
      schedule.advance()
    }
    return unsent
  }

  return {
    add(worker, { index, endMs, flows }) {
      const account = accounts[worker]!
      account.lastMs = endMs
      account.lastIndex = index
      for (const [at, delta] of flows.entries()) {
        const flow = account.flows[at]!
        flow.sent += delta.sent
        for (const { ok, failed, timedOut, unanswered } of delta.operations)
          flow.accounted += ok + failed + timedOut + unanswered
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
        endMs: Math.max(account.lastMs, Math.min(diedMs, durationMs)),
        flows: loads.map((_, at) => charge(worker, at, diedMs)),
        generator: {
          cpuMs: 0,
          busy: 0,
          gcCount: 0,
          gcMs: 0,
          gcMaxMs: 0,
          lag: new HistogramRecorder().drain(),
          rssBytes: 0,
        },
      }
    },
  }
}
