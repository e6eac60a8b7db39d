import { ValueType } from '@opentelemetry/api'
import { DataPointType, InstrumentType, type DataPoint, type MetricData } from '@opentelemetry/sdk-metrics'
import type { Point } from './series.ts'

/** Points as the SDK would hand them to an exporter: by instrument. */
export function metricDataOf(points: readonly Point[]): MetricData[] {
  const byInstrument = Map.groupBy(
    points,
    ({ instrument, temporality }) => `${instrument.name} ${temporality}`,
  )
  return Array.from(byInstrument.values(), metricOf)
}

function metricOf(points: readonly Point[]): MetricData {
  const { instrument, temporality: aggregationTemporality } = points[0]!
  const { name, unit, description, type, isWhole } = instrument
  const valueType = isWhole ? ValueType.INT : ValueType.DOUBLE
  const descriptor = { name, unit, description, valueType }
  const dataPoints = points.map(({ attributes, startTime, endTime, value }) => ({
    attributes,
    startTime,
    endTime,
    value,
  }))
  const common = { descriptor, aggregationTemporality }
  switch (type) {
    case InstrumentType.HISTOGRAM:
      return {
        ...common,
        dataPointType: DataPointType.EXPONENTIAL_HISTOGRAM,
        dataPoints: dataPoints as DataPoint<Exclude<Point['value'], number>>[],
      }
    case InstrumentType.GAUGE:
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints: dataPoints as DataPoint<number>[] }
    default:
      return {
        ...common,
        dataPointType: DataPointType.SUM,
        isMonotonic: type !== InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
        dataPoints: dataPoints as DataPoint<number>[],
      }
  }
}
