import { RequestIds } from '../load/request-ids.ts'
import type { RequestsDelta } from '../metrics/requests.ts'
import type { DriverContext, Outcome } from '../plugin/driver.ts'
import type { Requests } from '../protocol/protocol.ts'
import type { LogTotals } from '../protocol/request-log.ts'
import type { RequestObserver } from './request-observer.ts'
import { SampledRequests } from './sampled-requests.ts'
import type { RequestSlot } from './slots.ts'

/** What a flow has where its requests can be told apart: they are traced, or logged. */
export interface RequestWatch {
  /** For its driver; absent where the target is not told. */
  readonly trace?: NonNullable<DriverContext['trace']>
  readonly requests: RequestObserver
}

/** What watches the requests of a worker. */
export interface RequestWatches {
  of(flow: string): RequestWatch
  /** A phase begins. */
  begin(phase: number): void
  /** Closes the log, if there is one. */
  close(): Promise<LogTotals | undefined>
}

type Command = Pick<Requests['init']['command'], 'run' | 'scenario' | 'launch' | 'trace' | 'log'>

/** Imported only where a scenario asks for it. */
export async function watchRequests({ launch, trace, log: wire, ...own }: Command): Promise<RequestWatches> {
  const { run, scenario } = own
  const log =
    wire &&
    (await (
      await import('./log/request-log.ts')
    ).RequestLog.open({ run, scenario, worker: launch.worker, log: wire }))
  return {
    of(flow) {
      // a log has the ids that the target saw, if it saw any
      const ids = new RequestIds(run, scenario, flow, trace?.ratio ?? 0)
      const sampled = trace && new SampledRequests(ids)
      const logged = log?.observer(flow)
      const requests = sampled && logged ? new Both(sampled, logged) : (sampled ?? logged!)
      return { ...((trace?.propagate ?? true) && { trace: ids }), requests }
    },
    begin(phase) {
      if (log) log.phase = phase
    },
    close: async () => log?.close(),
  }
}

/** Requests that are traced and logged. */
class Both implements RequestObserver {
  readonly #sampled: SampledRequests
  readonly #logged: RequestObserver

  constructor(sampled: SampledRequests, logged: RequestObserver) {
    this.#sampled = sampled
    this.#logged = logged
  }

  ended(slot: RequestSlot, outcome: Outcome | 'timedOut' | 'unanswered', doneMs: number): void {
    this.#sampled.ended(slot, outcome, doneMs)
    this.#logged.ended(slot, outcome, doneMs)
  }

  drain(startMs: number): RequestsDelta {
    return this.#sampled.drain(startMs)
  }
}
