import type { InstanceType, Provider } from './instance-type.ts'

const gibibyte = 1024 ** 3

/** A type in short: its name, vCPUs and GiB of memory, and what else is published. */
export type Row = readonly [name: string, vCpus: number, memoryGib: number, more?: More]

interface More {
  /** Share of each vCPU that it may always use; types without one are not burstable. */
  readonly baseline?: number
  /** CPU credits that it earns in an hour. */
  readonly credits?: number
  /** Network bandwidth: one number that always holds, or the baseline and the peak. */
  readonly gbps?: number | readonly [baseline: number, peak: number]
}

/** The types of a family, which are published on one page. */
export function family(
  provider: Provider,
  source: string,
  date: string,
  rows: readonly Row[],
): readonly InstanceType[] {
  return rows.map(([name, vCpus, memoryGib, { baseline, credits, gbps } = {}]) => ({
    provider,
    name,
    vCpus,
    memoryBytes: Math.round(memoryGib * gibibyte),
    ...(baseline !== undefined && {
      burst: { baselineShare: baseline, ...(credits !== undefined && { creditsPerHour: credits }) },
    }),
    ...(gbps !== undefined && {
      networkGbps:
        typeof gbps === 'number' ? { baseline: gbps, peak: gbps } : { baseline: gbps[0], peak: gbps[1] },
    }),
    source,
    date,
  }))
}
