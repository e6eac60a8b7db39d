import { Histogram, type HistogramView } from '@cloudbench/core'
import type { Attributes, HrTime } from '@opentelemetry/api'
import { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics'
import { exponentialOf } from './exponential.ts'
import type { Instrument } from './instruments.ts'
import type { Reading } from './readings.ts'

/** What an instrument shows at one time. */
export interface Point {
  readonly instrument: Instrument
  readonly temporality: AggregationTemporality
  readonly attributes: Attributes
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly value: number | ReturnType<typeof exponentialOf>
}

export interface Stretch {
  /** Of the phase: from here on, cumulative values add up. */
  readonly since: HrTime
  readonly from: HrTime
  readonly to: HrTime
}

/** Turns what grew in stretches of a phase into points, of the temporality that each instrument is to have. */
export class Series {
  readonly #temporalityOf: (type: InstrumentType) => AggregationTemporality
  readonly #sums = new Map<string, Reading>()

  constructor(temporalityOf: (type: InstrumentType) => AggregationTemporality) {
    this.#temporalityOf = temporalityOf
  }

  points(readings: readonly Reading[], { since, from, to }: Stretch): Point[] {
    const now: Point[] = []
    for (const reading of readings) {
      const { instrument } = reading
      const isGauge = instrument.type === InstrumentType.GAUGE
      const temporality = this.#temporalityOf(instrument.type)
      if (isGauge || temporality === AggregationTemporality.DELTA)
        now.push(pointOf(reading, AggregationTemporality.DELTA, from, to))
      else this.#add(reading)
    }
    const sums = [...this.#sums.values()]
    return [...now, ...sums.map((sum) => pointOf(sum, AggregationTemporality.CUMULATIVE, since, to))]
  }

  /** Sums begin anew. */
  clear(): void {
    this.#sums.clear()
  }

  #add(reading: Reading): void {
    const key = JSON.stringify([reading.instrument.name, reading.attributes])
    const before = this.#sums.get(key)
    this.#sums.set(key, before ? { ...reading, value: sumOf(before.value, reading.value) } : reading)
  }
}

function sumOf(before: number | HistogramView, added: number | HistogramView): number | HistogramView {
  if (typeof before === 'number') return before + (added as number)
  return Histogram.sum([before, added as HistogramView])
}

function pointOf(
  { instrument, attributes, value }: Reading,
  temporality: AggregationTemporality,
  startTime: HrTime,
  endTime: HrTime,
): Point {
  const shown = typeof value === 'number' ? value : exponentialOf(value)
  return { instrument, temporality, attributes, startTime, endTime, value: shown }
}
