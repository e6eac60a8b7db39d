import { answeredInTime } from '../metrics/metrics.ts'
import type { FlowMetrics } from '../plugin/model.ts'
import type { Measurement } from './measurement.ts'
import { poolOf } from './pool.ts'

/**
 * Of what came due, the share that had not been sent when the schedule ended. What had been sent by then was answered, given up,
 * or in flight; NaN where nothing came due.
 */
export function behindOf(measurement: Measurement, { flow, total }: FlowMetrics): number {
  const { scheduled, unsent, timedOut, unanswered } = total
  if (scheduled === 0) return Number.NaN
  const { inFlightAtEnd } = poolOf(measurement, flow)
  const sent = answeredInTime(total) + timedOut + unanswered + inFlightAtEnd
  // a request more or less is no backlog
  const late = Math.max(0, scheduled - sent - 1)
  return Math.max(unsent, late) / scheduled
}
