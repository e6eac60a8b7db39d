import type { RequestIds } from '../load/request-ids.ts'
import { mostRequests, type RequestsDelta } from '../metrics/requests.ts'
import type { RequestObserver } from './request-observer.ts'
import type { RequestSlot } from './slots.ts'

/** Numbers kept of a request, and where. */
const columns = 6
const column = { index: 0, dueMs: 1, sentMs: 2, doneMs: 3, connection: 4, rank: 5 } as const

/** Where the slowest request is, and the first that was sampled. */
const slowest = 0
const first = 1
/** What a request must exceed to be the slowest, and the lowest rank of those that are kept. */
const limit = { tookMs: 0, rank: 1 } as const

type End = Parameters<RequestObserver['ended']>[1]

/**
 * Keeps some of a flow's requests: the slowest, and those that are sampled; of too many, those of the highest ranks. All in
 * places that were made beforehand.
 */
export class SampledRequests implements RequestObserver {
  readonly #ids: RequestIds
  readonly #numbers = new Float64Array((first + mostRequests) * columns)
  readonly #ends: (End | undefined)[] = Array.from({ length: first + mostRequests })
  readonly #limits = new Float64Array(2)
  #used = 0
  #dropped = 0
  /** Place of the lowest rank, once all are taken. */
  #lowest = first

  constructor(ids: RequestIds) {
    this.#ids = ids
    this.#reset()
  }

  ended(slot: RequestSlot, end: End, doneMs: number): void {
    const rank = this.#ids.rank(slot.index)
    // in a closed loop, a request is due when it is sent
    const tookMs = doneMs - slot.dueMs
    if (tookMs > this.#limits[limit.tookMs]!) {
      this.#limits[limit.tookMs] = tookMs
      this.#put(slowest, slot, end, doneMs, rank)
    }
    if (rank < this.#ids.threshold) return
    if (this.#used < mostRequests) this.#put(first + this.#used++, slot, end, doneMs, rank)
    else {
      this.#dropped++
      if (rank <= this.#limits[limit.rank]!) return
      this.#put(this.#lowest, slot, end, doneMs, rank)
    }
    if (this.#used === mostRequests) this.#findLowest()
  }

  drain(startMs: number): RequestsDelta {
    const { places, requestsDropped } = this.#kept()
    const ends = [...new Set(places.map((place) => this.#ends[place]!))]
    const numbers = places.flatMap((place) => {
      const at = (name: keyof typeof column): number => this.#numbers[place * columns + column[name]]!
      const since = (name: 'dueMs' | 'sentMs' | 'doneMs'): number => toNs(at(name) - startMs)
      const end = ends.indexOf(this.#ends[place]!)
      return [at('index'), since('dueMs'), since('sentMs'), since('doneMs'), at('connection'), end]
    })
    this.#reset()
    // an outcome is more than what is to be told of it
    return { numbers, ends: ends.map(told), requestsDropped }
  }

  /** The slowest request may be among those that were sampled, or one of them that found no place. */
  #kept(): { readonly places: number[]; readonly requestsDropped: number } {
    const places = Array.from({ length: this.#used }, (_, at) => first + at)
    const at = (place: number, name: keyof typeof column): number =>
      this.#numbers[place * columns + column[name]]!
    const isThere = places.some((place) => at(place, 'index') === at(slowest, 'index'))
    if (this.#ends[slowest] === undefined || isThere) return { places, requestsDropped: this.#dropped }
    const isSampled = at(slowest, 'rank') >= this.#ids.threshold
    return { places: [slowest, ...places], requestsDropped: this.#dropped - (isSampled ? 1 : 0) }
  }

  #reset(): void {
    this.#used = 0
    this.#dropped = 0
    this.#limits[limit.tookMs] = -Infinity
    this.#ends.fill(undefined)
  }

  #put(
    place: number,
    { index, dueMs, sentMs, lane }: RequestSlot,
    end: End,
    doneMs: number,
    rank: number,
  ): void {
    const at = place * columns
    this.#numbers[at + column.index] = index
    this.#numbers[at + column.dueMs] = dueMs
    this.#numbers[at + column.sentMs] = sentMs
    this.#numbers[at + column.doneMs] = doneMs
    this.#numbers[at + column.connection] = lane.index
    this.#numbers[at + column.rank] = rank
    this.#ends[place] = end
  }

  #findLowest(): void {
    let lowest = first
    for (let place = first + 1; place < first + mostRequests; place++)
      if (this.#numbers[place * columns + column.rank]! < this.#numbers[lowest * columns + column.rank]!)
        lowest = place
    this.#lowest = lowest
    this.#limits[limit.rank] = this.#numbers[lowest * columns + column.rank]!
  }
}

/** Milliseconds, exact to the nanosecond: more digits cost, and say nothing. */
function toNs(ms: number): number {
  return Math.round(ms * 1e6) / 1e6
}

function told(end: End): RequestsDelta['ends'][number] {
  return typeof end === 'string' ? end : { name: end.name, ok: end.ok, operation: end.operation }
}
