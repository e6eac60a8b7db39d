import { growthOf, steadyStateOf, type Steadiness } from '@cloudbench/stats'
import type { SteadyState } from '../plugin/verdict.ts'
import { noChangeNs } from './disturbance.ts'
import { flowIn, isConstant, isOpen, loadsOf, stretchesOf, type Measurement } from './measurement.ts'

/** How a flow went on over time. */
export interface Progress {
  readonly state: SteadyState
  /** Of latency and of the rate, on their own. */
  readonly latency: Steadiness
  readonly rate: Steadiness
  /** Requests in flight keep growing: less is answered than comes due. */
  readonly isGrowing: boolean
}

/** A change of less than this share is none. */
export const leastChange = 0.05
/** Answered is less than came due by this share, or the requests in flight do not grow for that. */
const leastBacklogShare = 0.005
const unknown: Steadiness = { kind: 'unknown', from: 0, drift: 0 }

/**
 * Whether a flow behaved the same throughout, by its median latency and its rate per interval: change points, see `steadyStateOf`
 * of `@cloudbench/stats`. Unknown where the load was not the same throughout, or where several runs were put together.
 */
export function progressOf(measurement: Measurement, flow: string): Progress {
  const [course, ...others] = measurement.courses
  const isOne = course !== undefined && others.length === 0 && isConstant(measurement, flow)
  if (!isOne) return { state: { flow, kind: 'unknown' }, latency: unknown, rate: unknown, isGrowing: false }
  const stretches = stretchesOf(course)
  const widthMs = Math.max(...stretches.map(({ spanMs }) => spanMs), 0)
  // what is left of an interval at the end scatters more than the others
  const even = stretches.filter(({ spanMs }) => spanMs >= widthMs / 2)
  const parts = even.map((stretch) => ({ stretch, metrics: flowIn(stretch.flows, flow) }))
  const medians = parts.map(({ metrics }) => {
    const latency = metrics && (isOpen(measurement, flow) ? metrics.total.response : metrics.total.service)
    return latency === undefined || latency.count === 0 ? Number.NaN : latency.percentile(50)
  })
  const known = medians.filter((median) => median > 0).toSorted((a, b) => a - b)
  const middle = known[Math.floor(known.length / 2)] ?? Infinity
  const tolerance = Math.max(leastChange, Math.log1p(noChangeNs / middle))
  const latency = steadyStateOf(medians, { tolerance })
  const rates = parts.map(({ stretch, metrics }) =>
    metrics ? (metrics.total.ok + metrics.total.failed) / stretch.spanMs : 0,
  )
  const rate = steadyStateOf(rates, { better: 'higher', tolerance: leastChange })
  const isGrowing = isOpen(measurement, flow) && grows(measurement, flow, parts, widthMs)
  return {
    state: { flow, ...(isGrowing ? { kind: 'overloaded' } : together(latency, rate, even)) },
    latency,
    rate,
    isGrowing,
  }
}

/** The worse of both, and from when both were steady. */
function together(
  latency: Steadiness,
  rate: Steadiness,
  stretches: readonly { readonly startMs: number }[],
): Omit<SteadyState, 'flow'> {
  const order = ['not steady', 'slowdown', 'warmup', 'flat', 'unknown'] as const
  const kind = order.find((one) => latency.kind === one || rate.kind === one) ?? 'unknown'
  if (kind === 'unknown' || kind === 'not steady') return { kind }
  const steadyFromMs = stretches[Math.max(latency.from, rate.from)]?.startMs
  const drift = Math.abs(latency.drift) >= Math.abs(rate.drift) ? latency.drift : rate.drift
  return {
    kind,
    ...(steadyFromMs !== undefined && { steadyFromMs }),
    ...(drift !== 0 && { drift }),
  }
}

function grows(
  measurement: Measurement,
  flow: string,
  parts: readonly {
    readonly metrics: { readonly inFlightMs: number } | undefined
    readonly stretch: { readonly spanMs: number }
  }[],
  widthMs: number,
): boolean {
  const inFlight = parts.map(({ metrics, stretch }) => (metrics ? metrics.inFlightMs / stretch.spanMs : 0))
  const growth = growthOf(inFlight)
  if (growth?.isGrowing !== true) return false
  const [load] = loadsOf(measurement, flow)
  const perSecond = load?.model === 'open' ? (load.stages[0]?.fromPerSecond ?? 0) : 0
  return (growth.slope * 1000) / widthMs > leastBacklogShare * perSecond
}
