import { sumFlowLists, type Measured } from '../metrics/metrics.ts'
import type { Interval } from '../plugin/model.ts'
import type { Alert } from './alert.ts'
import { holds, read, type Condition } from './checks.ts'

/** How finely the time is cut that an alert has to last, and what it may be too short by: timers end intervals. */
const stepShare = 0.01
/** Values are over this share of it: a second alone is noise in three minutes. */
const windowShare = 0.1
const enough = 1 - 2 * stepShare

/** An alert that has to last. */
export type LastingAlert = Alert & { readonly condition: Condition; readonly lastsMs: number }

/** A step, and the window that ends with it. A value is undefined where there was nothing to read it from. */
interface Look {
  readonly startMs: number
  readonly value: number | undefined
  readonly windowStartMs: number
  readonly windowValue: number | undefined
}

const nothing: Measured = { flows: [], elapsedMs: 0 }

/** Follows an alert from interval to interval. */
export class Watch {
  readonly #alert: LastingAlert
  /** The step that is not over yet. */
  #step = nothing
  /** The steps of a window, the newest last. */
  #window: Measured[] = []
  /** Those in the time that the alert has to last, the newest last. */
  #looks: Look[] = []
  #hasValue = false
  /** How much was watched. */
  spentMs = 0
  /** Of all stretches that were long enough the one that came closest, or went furthest: its value that was the least bad. */
  worst: number | undefined
  /** When it had lasted, from the beginning of what was watched. From then on nothing is looked at. */
  firedMs: number | undefined
  /** Why there was no value, while there is none. */
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
    this.#step = {
      flows: sumFlowLists([this.#step.flows, flows]),
      elapsedMs: this.#step.elapsedMs + spanMs,
    }
    // the numbers of a worker that is late join the next interval, and so does this one
    if (missing > 0 || this.#step.elapsedMs < lastsMs * stepShare) return
    this.#look(this.#step)
    this.#step = nothing
    const startsMs = this.spentMs - lastsMs * enough
    while (this.#looks.length > 1 && this.#looks[1]!.startMs <= startsMs) this.#looks.shift()
    if (this.#looks[0]!.startMs <= startsMs) this.#judge()
  }

  #look(step: Measured): void {
    this.#window.push(step)
    const leastMs = this.#alert.lastsMs * windowShare * enough
    while (elapsedOf(this.#window.slice(1)) >= leastMs) this.#window.shift()
    const elapsedMs = elapsedOf(this.#window)
    this.#looks.push({
      startMs: this.spentMs - step.elapsedMs,
      value: this.#value(step),
      windowStartMs: this.spentMs - elapsedMs,
      windowValue: this.#value({ flows: this.#window.flatMap(({ flows }) => flows), elapsedMs }),
    })
  }

  #value(measured: Measured): number | undefined {
    const { scoped } = this.#alert
    const { value, text } = read(measured, scoped)
    if (value !== undefined) this.#hasValue = true
    this.missing = this.#hasValue ? undefined : text
    // a target that has stopped to answer has a rate: none
    return value ?? (scoped.metric.name === 'rate' && this.#hasValue ? 0 : undefined)
  }

  /** It lasted if all windows in it are bad, and its first and its last step: it begins and ends with them. */
  #judge(): void {
    const first = this.#looks[0]!
    const last = this.#looks.at(-1)!
    // time without a value counts as what surrounds it does
    if (last.value === undefined) return
    const windows = this.#looks.filter(({ windowStartMs }) => windowStartMs >= first.startMs)
    const values = [first.value, last.value, ...windows.map(({ windowValue }) => windowValue)].filter(
      (value) => value !== undefined,
    )
    const { condition } = this.#alert
    const isUpper = condition.operator.startsWith('>')
    const least = isUpper ? Math.min(...values) : Math.max(...values)
    this.worst = isUpper ? Math.max(least, this.worst ?? least) : Math.min(least, this.worst ?? least)
    if (holds(condition, least)) this.firedMs = this.spentMs
  }
}

function elapsedOf(parts: readonly Measured[]): number {
  return parts.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0)
}
