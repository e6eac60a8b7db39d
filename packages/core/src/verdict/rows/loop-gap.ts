import { answeredInTime } from '../../metrics/metrics.ts'
import { loadsOf, measuresGenerator, type Measurement } from '../measurement.ts'
import { placesOf } from '../pool.ts'
import type { Observation, Reading } from '../signal-row.ts'

/** Of fewer requests per connection, those at either end of the schedule are too large a part. */
const fewestPerPlace = 20

/**
 * N/X − (R + Z) of (R + Z), of the worst closed loop. With Little's law, R is the requests in flight by the rate, which leaves
 * (N − L − X·Z) / (L + X·Z) of the connections N, the requests in flight L and the rate X.
 *
 * Lazowska et al., Quantitative System Performance, §3.
 */
export function loopGap(measurement: Measurement): Reading {
  const { flows, elapsedMs } = measurement
  const gaps = flows.flatMap(({ flow, total, inFlightMs, connections }): Observation[] => {
    const loads = loadsOf(measurement, flow)
    const [load] = loads
    if (load?.model !== 'closed' || loads.some((other) => JSON.stringify(other) !== JSON.stringify(load)))
      return []
    if (measuresGenerator(measurement, flow) || elapsedMs <= 0) return []
    const answered = answeredInTime(total) + total.timedOut
    const open = connections.openMs / elapsedMs
    const places = placesOf(
      open > 0 ? Math.min(load.connections, open) : load.connections,
      inFlightMs / elapsedMs,
    )
    if (answered < fewestPerPlace * places) return []
    const used = inFlightMs / elapsedMs + (answered / elapsedMs) * load.thinkMs
    return [{ value: Math.max(0, (places - used) / used), flow }]
  })
  const [first, ...others] = gaps
  return first === undefined
    ? { missing: 'there was no closed loop with enough requests to tell' }
    : others.reduce((most, one) => (one.value > most.value ? one : most), first)
}
