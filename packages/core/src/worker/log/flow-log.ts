import type { RequestIds } from '../../load/request-ids.ts'
import type { RequestObserver } from '../request-observer.ts'
import type { RequestSlot } from '../slots.ts'
import { markRecord, record } from './layout.ts'
import type { Segments } from './segments.ts'

/** How a request can have ended. */
export type Ending = Parameters<RequestObserver['ended']>[1]

/** What the flows of a worker have in common. */
export interface LogWriter {
  readonly segments: Segments
  /** Nanoseconds from the load's clock to the machine's. */
  readonly offsetNs: number
  /** The number of the phase that runs. */
  phase: number
  /** Writes what an outcome is. Returns its number; 0 where there is no room for it. */
  define(flow: string, workload: string, ending: Ending): number
}

/** Writes the requests of one flow to the log, without an object and without a copy. */
export class FlowLog implements RequestObserver {
  readonly #flow: string
  readonly #workload: string
  readonly #ids: RequestIds
  /** Whether every request is logged, or only those that are sampled. */
  readonly #isWhole: boolean
  readonly #log: LogWriter
  readonly #segments: Segments
  readonly #view: DataView
  readonly #bytes: Uint8Array
  readonly #offsetNs: number
  readonly #numbers = new Map<Ending, number>()

  /** @param ids Of the flow. Those that they sample are logged. */
  constructor(flow: string, workload: string, ids: RequestIds, isWhole: boolean, log: LogWriter) {
    this.#flow = flow
    this.#workload = workload
    this.#ids = ids
    this.#isWhole = isWhole
    this.#log = log
    this.#segments = log.segments
    this.#view = log.segments.view
    this.#bytes = log.segments.bytes
    this.#offsetNs = log.offsetNs
  }

  ended(slot: RequestSlot, ending: Ending, doneMs: number): void {
    const { index } = slot
    if (!this.#isWhole && !this.#ids.isSampled(index)) return
    // the definition comes first: it may begin another segment
    const outcome = this.#numbers.get(ending) ?? this.#define(ending)
    const at = this.#segments.record(outcome === 0 ? Infinity : record.bytes)
    if (at < 0) return
    const view = this.#view
    const offsetNs = this.#offsetNs
    markRecord(view, at)
    view.setUint32(at + record.outcome, outcome)
    view.setUint16(at + record.phase, this.#log.phase)
    view.setUint32(at + record.connection, slot.lane.index)
    view.setFloat64(at + record.index, index)
    view.setFloat64(at + record.due, Math.round(slot.dueMs * 1e6) + offsetNs)
    view.setFloat64(at + record.sent, Math.round(slot.sentMs * 1e6) + offsetNs)
    view.setFloat64(at + record.done, Math.round(doneMs * 1e6) + offsetNs)
    this.#ids.writeIds(index, this.#bytes, at + record.trace, at + record.span)
  }

  #define(ending: Ending): number {
    const number = this.#log.define(this.#flow, this.#workload, ending)
    if (number > 0) this.#numbers.set(ending, number)
    return number
  }
}
