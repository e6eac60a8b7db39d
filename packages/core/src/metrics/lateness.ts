import type { ScenarioResult } from '../plugin/model.ts'
import { Histogram } from './histogram.ts'
import { measuredOf } from './metrics.ts'
import { isOpenLoop } from './open-loop.ts'

/** A lag beyond this share of the response time is part of what was measured: a twentieth is nothing, a fifth is doubtful. */
const doubtfulShare = 0.2

/** How late the generator itself was, beside the response times of the flow that it matters most to. */
export interface Lateness {
  readonly flow: string
  /** p99, though a connection was free. */
  readonly lagNs: number
  /** Of the p99 of the response time. */
  readonly share: number
}

/** Undefined where the generator was on time, or nothing was due: in a closed loop. */
export function latenessOf(result: Pick<ScenarioResult, 'phases'>): Lateness | undefined {
  const measured = result.phases.filter(({ phase }) => phase.kind === 'measure')
  const lagNs = Histogram.sum(
    measured.flatMap(({ generators }) => generators.map(({ lag }) => lag)),
  ).percentile(99)
  const phases = measured.map(({ phase }) => phase)
  const shares = measuredOf(result)
    .flows.filter(({ flow, total }) => total.response.count > 0 && isOpenLoop(flow, phases))
    .map(({ flow, total }) => ({ flow, lagNs, share: lagNs / total.response.percentile(99) }))
  const [worst] = shares.toSorted((a, b) => b.share - a.share)
  return worst !== undefined && worst.share > doubtfulShare ? worst : undefined
}
