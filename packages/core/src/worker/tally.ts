import { CloudbenchError, messageOf } from '../errors.ts'
import type { FlowDelta, OperationDelta } from '../metrics/delta.ts'
import { mapEach, zerosOf } from '../metrics/record.ts'
import type { HistogramData } from '../metrics/recorder.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'
import type { ByteCount, Counter, Outcome, OutcomeOptions, Recorder } from '../plugin/driver.ts'
import type { OutcomeCount } from '../plugin/model.ts'
import { flowCounts, operationCounts, operationDistributions } from '../plugin/record.ts'

/** More distinct outcomes of one flow than this count as `other`: a bug in a driver must not eat the memory. */
const outcomeLimit = 256

/** So much of what a server said is kept: the beginning of a message, not a page. */
const exampleLimit = 300

/** An outcome with its own count, so that counting is one addition. */
class CountedOutcome implements Outcome {
  readonly name: string
  readonly ok: boolean
  readonly operation: string
  readonly totals: OperationTotals
  example: string | undefined
  /** The connection died: what is counted was not answered. */
  isLoss = false
  count = 0

  constructor(name: string, ok: boolean, totals: OperationTotals) {
    this.name = name
    this.ok = ok
    this.operation = totals.operation
    this.totals = totals
  }
}

class Total implements Counter {
  total = 0

  add(amount: number): void {
    this.total += amount
  }
}

/** What is kept of one operation between two reports. */
class OperationTotals {
  readonly operation: string
  readonly owner: Tally
  readonly outcomes: CountedOutcome[] = []
  readonly counts = zerosOf(operationCounts)
  readonly times = mapEach(operationDistributions, () => new HistogramRecorder())

  constructor(operation: string, owner: Tally) {
    this.operation = operation
    this.owner = owner
  }

  drain(): OperationDelta {
    const { operation, counts, times } = this
    const outcomes: Record<string, OutcomeCount> = {}
    for (const outcome of this.outcomes) {
      const { name, count, ok, isLoss } = outcome
      const example = outcome.example?.slice(0, exampleLimit)
      // with those that did not happen: a check on them has to find 0, not nothing
      outcomes[name] = { count, ok, ...(example !== undefined && { example }), ...(isLoss && { lost: true }) }
      outcome.count = 0
      outcome.example = undefined
    }
    const drained = { ...counts, ...mapEach(operationDistributions, (name) => times[name].drain()) }
    Object.assign(counts, zerosOf(operationCounts))
    return { operation, outcomes, ...drained }
  }
}

/** Everything that one flow of one worker counts. The methods that a request passes through allocate nothing. */
export class Tally {
  readonly bytes: ByteCount = zerosOf(flowCounts.bytes)
  readonly #operations = new Map<string, OperationTotals>()
  readonly #outcomes = new Map<string, CountedOutcome>()
  readonly #counters = new Map<string, Total>()
  readonly #recorders = new Map<string, HistogramRecorder>()
  readonly #fallback: OperationTotals

  /** @param operation The operation of outcomes that name none, and of requests that were never answered. */
  constructor(operation: string) {
    this.#fallback = this.#operation(operation)
  }

  /** Interns an outcome. Throws when it was declared before with another `ok`. */
  readonly outcome = (
    name: string,
    { operation = this.#fallback.operation, ok = true }: OutcomeOptions = {},
  ): Outcome => {
    const key = `${operation}\n${name}`
    const known = this.#outcomes.get(key)
    if (known) {
      if (known.ok !== ok)
        throw new CloudbenchError({
          code: 'CB_HOOK',
          what: `outcome "${name}" of "${operation}" was declared with ok: ${known.ok} and again with ok: ${ok}`,
          expected: 'one meaning for one name',
        })
      return known
    }
    const catchAll = ok ? 'other' : 'other failure'
    if (this.#outcomes.size >= outcomeLimit && name !== catchAll)
      return this.outcome(catchAll, { operation, ok })
    const totals = this.#operation(operation)
    const outcome = new CountedOutcome(name, ok, totals)
    totals.outcomes.push(outcome)
    this.#outcomes.set(key, outcome)
    return outcome
  }

  /** The outcome of requests whose connection died. The error says why. */
  loss(name: string, error: unknown): Outcome {
    const outcome = this.outcome(name, { ok: false }) as CountedOutcome
    outcome.isLoss = true
    outcome.example ??= error === undefined ? undefined : messageOf(error)
    return outcome
  }

  readonly counter = (name: string): Counter => {
    let counter = this.#counters.get(name)
    if (!counter) this.#counters.set(name, (counter = new Total()))
    return counter
  }

  readonly recorder = (name: string): Recorder => {
    let recorder = this.#recorders.get(name)
    if (!recorder) this.#recorders.set(name, (recorder = new HistogramRecorder()))
    return recorder
  }

  /** Counts an answer. Times in milliseconds; without a due time (closed loop) only the service time counts. */
  answered(outcome: Outcome, dueMs: number, sentMs: number, doneMs: number, isOpen: boolean): void {
    if (!(outcome instanceof CountedOutcome) || outcome.totals.owner !== this) throw foreignOutcome(outcome)
    outcome.count++
    const { counts, times } = outcome.totals
    if (isOpen) times.lag.record((sentMs - dueMs) * 1e6)
    if (outcome.ok) {
      counts.ok++
      times.service.record((doneMs - sentMs) * 1e6)
      if (isOpen) times.response.record((doneMs - dueMs) * 1e6)
    } else {
      counts.failed++
      times.failures.record((doneMs - sentMs) * 1e6)
    }
  }

  /** Counts a request that was sent and given up: its times are lower bounds. */
  givenUp(
    how: 'timedOut' | 'unanswered',
    dueMs: number,
    sentMs: number,
    nowMs: number,
    isOpen: boolean,
  ): void {
    const { counts, times } = this.#fallback
    counts[how]++
    times.service.record((nowMs - sentMs) * 1e6)
    if (!isOpen) return
    counts.censored++
    times.lag.record((sentMs - dueMs) * 1e6)
    times.response.record((nowMs - dueMs) * 1e6)
  }

  /** Takes back what an answer counts too much in the rate: the share of its time that lay after the end. */
  late(outcome: Outcome, share: number): void {
    if (outcome instanceof CountedOutcome) outcome.totals.counts.lateShare += share
  }

  /** Counts arrivals that came due and never left, by how long each has waited, in the order of their due times. */
  unsent(count: number, waitedMs: (at: number) => number): void {
    const { counts, times } = this.#fallback
    counts.unsent += count
    counts.censored += count
    times.response.recordMany(count, (at) => waitedMs(at) * 1e6)
  }

  /** Takes what was counted since the last call. */
  drain(): Pick<FlowDelta, 'operations' | 'bytes' | 'counters' | 'recorders'> {
    const operations = Array.from(this.#operations.values(), (totals) => totals.drain())
    const counters: Record<string, number> = {}
    for (const [name, counter] of this.#counters) {
      counters[name] = counter.total
      counter.total = 0
    }
    const recorders: Record<string, HistogramData> = {}
    for (const [name, recorder] of this.#recorders) recorders[name] = recorder.drain()
    const bytes = { ...this.bytes }
    Object.assign(this.bytes, zerosOf(flowCounts.bytes))
    return { operations, bytes, counters, recorders }
  }

  #operation(name: string): OperationTotals {
    let totals = this.#operations.get(name)
    if (!totals) this.#operations.set(name, (totals = new OperationTotals(name, this)))
    return totals
  }
}

function foreignOutcome(outcome: unknown): CloudbenchError {
  const seen =
    typeof outcome === 'object' && outcome !== null ? `its own object${named(outcome)}` : typeof outcome
  return new CloudbenchError({
    code: 'CB_HOOK',
    what: `the driver answered a request with ${seen}`,
    expected: 'an outcome made by context.outcome(…) of the same connection',
    next: 'create outcomes once in connect, and return the same objects from every request',
  })
}

function named(outcome: object): string {
  return 'name' in outcome && typeof outcome.name === 'string' ? `, named "${outcome.name}"` : ''
}
