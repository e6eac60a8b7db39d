import { CloudbenchError } from '@cloudbench/core'
import { didYouMean } from '@cloudbench/core/text'
import { lagNs, responseNs, serviceNs, type LoggedRequest } from './request.ts'

/** What is sorted is kept in memory, some 400 bytes of each. */
const mostSorted = 500_000

type Key = (request: LoggedRequest) => number

/** Times of the clock begin with the first, durations with the longest. */
const keys: Readonly<Record<string, { readonly of: Key; readonly isDescending: boolean }>> = {
  due: { of: clock((request) => request.dueNs), isDescending: false },
  sent: { of: clock((request) => request.sentNs), isDescending: false },
  done: { of: clock((request) => request.doneNs), isDescending: false },
  index: { of: ({ index }) => index, isDescending: false },
  lag: { of: lagNs, isDescending: true },
  service: { of: serviceNs, isDescending: true },
  response: { of: responseNs, isDescending: true },
}

export interface Order {
  readonly name: string
  compare(a: LoggedRequest, b: LoggedRequest): number
}

export function orderOf(name: string, isReversed: boolean): Order {
  const key = Object.hasOwn(keys, name) ? keys[name] : undefined
  if (key === undefined)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: `requests have no ${JSON.stringify(name)} to sort by`,
      next: didYouMean(name, Object.keys(keys)),
    })
  const sign = key.isDescending === isReversed ? 1 : -1
  return { name, compare: (a, b) => sign * (key.of(a) - key.of(b)) }
}

/** The first requests in an order. Never keeps more than twice as many as are wanted. */
export class Sorted {
  readonly #order: Order
  readonly #limit: number
  readonly #isLimited: boolean
  #requests: LoggedRequest[] = []

  constructor(order: Order, limit: number) {
    this.#order = order
    this.#limit = Math.min(limit, mostSorted)
    this.#isLimited = limit <= mostSorted
  }

  add(request: LoggedRequest): void {
    this.#requests.push(request)
    if (!this.#isLimited && this.#requests.length > mostSorted) throw tooMany(this.#order)
    if (this.#requests.length >= 2 * this.#limit) this.#cut()
  }

  take(): readonly LoggedRequest[] {
    this.#cut()
    return this.#requests
  }

  #cut(): void {
    this.#requests = this.#requests.toSorted((a, b) => this.#order.compare(a, b)).slice(0, this.#limit)
  }
}

/** Comparable between machines: since the start of the run. */
function clock(time: Key): Key {
  return (request) => time(request) - request.log.anchor.monotonic_ns
}

function tooMany({ name }: Order): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_USAGE',
    what: `more than ${mostSorted} requests are to be sorted by ${name}`,
    expected: `at most ${mostSorted}, which are kept in memory`,
    next: '--limit 1000, a filter such as --slow 10ms, or no --sort: requests come in the order in which they ended',
  })
}
