import type { PhaseResult } from '../plugin/model.ts'
import { measuredOf, sumFlows } from './metrics.ts'

/** What a request cost the workers on average, over the measure phases. NaN where nothing was sent. */
export function requestCostOf(result: { readonly phases: readonly PhaseResult[] }): {
  readonly cpuNs: number
  readonly allocatedBytes: number
} {
  const { sent } = sumFlows(measuredOf(result).flows).total
  let [cpuNs, allocatedBytes] = sent === 0 ? [NaN, NaN] : [0, 0]
  for (const { phase, generators } of result.phases)
    for (const sample of phase.kind === 'measure' ? generators : []) {
      cpuNs += (sample.cpuMs * 1e6) / sent
      allocatedBytes += sample.allocatedBytes / sent
    }
  return { cpuNs, allocatedBytes }
}
