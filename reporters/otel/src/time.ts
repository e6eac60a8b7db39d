import type { HrTime } from '@opentelemetry/api'

/** A time after a date, to the nanosecond where a `Date` has milliseconds. */
export function hrTimeOf(date: Date, offsetMs = 0): HrTime {
  const wholeMs = Math.floor(offsetMs)
  const totalMs = date.getTime() + wholeMs
  const seconds = Math.floor(totalMs / 1000)
  const nanos = (totalMs - seconds * 1000) * 1e6 + Math.round((offsetMs - wholeMs) * 1e6)
  return nanos < 1e9 ? [seconds, nanos] : [seconds + 1, nanos - 1e9]
}
