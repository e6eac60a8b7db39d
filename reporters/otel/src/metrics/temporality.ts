import {
  CumulativeTemporalitySelector,
  DeltaTemporalitySelector,
  LowMemoryTemporalitySelector,
} from '@opentelemetry/exporter-metrics-otlp-http'
import type { AggregationTemporality, InstrumentType } from '@opentelemetry/sdk-metrics'
import type { temporalities } from '../options.ts'

const selectors = {
  cumulative: CumulativeTemporalitySelector,
  delta: DeltaTemporalitySelector,
  lowmemory: LowMemoryTemporalitySelector,
} as const

/** What a preference means for each kind of instrument. */
export function temporalityOf(
  preference: (typeof temporalities)[number],
): (type: InstrumentType) => AggregationTemporality {
  return selectors[preference]
}
