import { sumFlowLists } from '../metrics/metrics.ts'
import type { FlowMetrics, Interval } from '../plugin/model.ts'
import type { Alert } from './alert.ts'
import { holds, read, type Condition } from './checks.ts'

/** An alert that has to last is judged for each tenth of that time: a second alone is noise in three minutes. */
const tenth = 0.1
/** Intervals end when a timer fires. */
const shortBy = 0.99

/** An alert that has to last. */
export type LastingAlert = Alert & { readonly condition: Condition; readonly lastsMs: number }

interface Part {
  readonly spanMs: number
  readonly value: number
}

/** Follows an alert from interval to interval. */
export class Watch {
  readonly #alert: LastingAlert
  /** What has no value of its own yet. */
  #flows: readonly FlowMetrics[] = []
  #elapsedMs = 0
  /** The last ones, of which `lastsMs` consist. */
  #parts: Part[] = []
  /** How much was watched. */
  spentMs = 0
  /** Of all stretches of `lastsMs` the one that came closest, or went furthest: its value that was the least bad. */
  worst: number | undefined
  /** When it had lasted, from the beginning of what was watched. From then on nothing is looked at. */
  firedMs: number | undefined
  /** Why there was no value, if there never was one. */
  missing: string | undefined

  constructor(alert: LastingAlert) {
    this.#alert = alert
  }

  add({ startMs, endMs, phase, flows, missing }: Interval): void {
    // answers to what was sent before the end of the schedule are no throughput
    const spanMs = Math.min(endMs, phase.durationMs) - startMs
    if (spanMs <= 0 || this.firedMs !== undefined) return
    const { lastsMs } = this.#alert
    this.spentMs += spanMs
    this.#elapsedMs += spanMs
    this.#flows = sumFlowLists([this.#flows, flows])
    // the numbers of a worker that is late join the next interval, and so does this one
    if (missing > 0 || this.#elapsedMs < lastsMs * tenth * (1 - tenth)) return
    const value = this.#value()
    if (value === undefined) return
    this.#parts.push({ spanMs: this.#elapsedMs, value })
    this.#flows = []
    this.#elapsedMs = 0
    const enoughMs = lastsMs * shortBy
    let judgedMs = this.#parts.reduce((sum, part) => sum + part.spanMs, 0)
    while (judgedMs - this.#parts[0]!.spanMs >= enoughMs) judgedMs -= this.#parts.shift()!.spanMs
    if (judgedMs >= enoughMs) this.#judge()
  }

  #value(): number | undefined {
    const { scoped } = this.#alert
    const { value, text } = read({ flows: this.#flows, elapsedMs: this.#elapsedMs }, scoped)
    if (value !== undefined) {
      this.missing = undefined
      return value
    }
    if (this.#parts.length === 0) this.missing = text
    // a target that answers nothing has a rate: none
    return scoped.metric.name === 'rate' && this.#parts.length > 0 ? 0 : undefined
  }

  #judge(): void {
    const { condition } = this.#alert
    const isUpper = condition.operator.startsWith('>')
    const values = this.#parts.map(({ value }) => value)
    const least = isUpper ? Math.min(...values) : Math.max(...values)
    this.worst = isUpper ? Math.max(least, this.worst ?? least) : Math.min(least, this.worst ?? least)
    if (holds(condition, least)) this.firedMs = this.spentMs
  }
}
