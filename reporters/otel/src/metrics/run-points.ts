import type { Interval, PhaseResult, Run, RunResult, ScenarioResult } from '@cloudbench/core'
import type { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics'
import { redacted } from '../redacted.ts'
import { hrTimeOf } from '../time.ts'
import { verdict } from './instruments.ts'
import {
  checkReading,
  intervalReadings,
  lateReadings,
  phaseReadings,
  validityReadings,
  type Reading,
} from './readings.ts'
import { Series, type Point, type Stretch } from './series.ts'

export interface PointOptions {
  temporalityOf(type: InstrumentType): AggregationTemporality
  redact(text: string): string
}

/** The points of a run: of every interval, and at the ends of phases, scenarios and the run what is known only then. */
export class RunPoints {
  readonly #series: Series
  readonly #redact: (text: string) => string
  /** Intervals of the phase that runs. */
  #told: Interval[] = []
  /** When the last phase ended. */
  #latest: Date

  constructor({ startedAt }: Run, { temporalityOf, redact }: PointOptions) {
    this.#series = new Series(temporalityOf)
    this.#redact = redact
    this.#latest = startedAt
  }

  /** None for an interval that was stored and does not know when it was: it is told with its phase. */
  interval(interval: Interval): Point[] {
    return interval.phaseStartedAt ? this.#tell(interval, interval.phaseStartedAt) : []
  }

  phase(result: PhaseResult): Point[] {
    const { startedAt, elapsedMs, intervals } = result
    const untold = this.#told.length > 0 ? [] : intervals
    const points = untold.flatMap((interval) => this.#tell(interval, startedAt))
    const endMs = Math.max(elapsedMs, this.#told.at(-1)?.endMs ?? 0)
    const since = hrTimeOf(startedAt)
    const end = hrTimeOf(startedAt, endMs)
    const late = lateReadings(result, this.#told)
    // a millisecond later: a series has one point at a time
    const afterEnd = { since, from: end, to: hrTimeOf(startedAt, endMs + 1) }
    if (late.length > 0) points.push(...this.#points(late, afterEnd))
    this.#series.clear()
    this.#told = []
    this.#latest = new Date(startedAt.getTime() + endMs)
    return [...points, ...this.#points(phaseReadings(result), { since, from: since, to: end })]
  }

  scenario(result: ScenarioResult): Point[] {
    const { scenario, exitCode, checks } = result
    const attributes = { 'cloudbench.scenario': scenario.id }
    const exit = { instrument: verdict.scenario, attributes, value: exitCode }
    return this.#pointsAt(this.#latest, [exit, ...checks.map(checkReading), ...validityReadings(result)])
  }

  run({ endedAt, exitCode, checks }: RunResult): Point[] {
    const added = checks.filter(({ addedBy }) => addedBy?.hook === 'run:evaluate')
    const exit = { instrument: verdict.run, attributes: {}, value: exitCode }
    return this.#pointsAt(endedAt, [exit, ...added.map(checkReading)])
  }

  #tell(interval: Interval, startedAt: Date): Point[] {
    this.#told.push(interval)
    return this.#points(intervalReadings(interval), {
      since: hrTimeOf(startedAt),
      from: hrTimeOf(startedAt, interval.startMs),
      to: hrTimeOf(startedAt, interval.endMs),
    })
  }

  #pointsAt(date: Date, readings: readonly Reading[]): Point[] {
    const time = hrTimeOf(date)
    return this.#points(readings, { since: time, from: time, to: time })
  }

  #points(readings: readonly Reading[], stretch: Stretch): Point[] {
    const clean = readings.map((reading) => ({
      ...reading,
      attributes: redacted(reading.attributes, this.#redact),
    }))
    return this.#series.points(clean, stretch)
  }
}
