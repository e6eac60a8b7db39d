import { join } from 'node:path'
import { type Cgroups, missing, readCounts, type SignalSource } from '@cloudbench/environment-kit'

interface Throttling {
  readonly periods: number
  readonly throttledPeriods: number
  readonly throttledMs: number
}

const names = ['cpu.quotaPeriods', 'cpu.throttledPeriods', 'cpu.throttledMs'] as const

/**
 * What quotas of this process's group and of those above it stopped. A group without a quota, or without the controller, has
 * stopped nothing.
 */
export async function throttling(root: string, cgroups: Cgroups): Promise<SignalSource> {
  const files: string[] = []
  for (const { folders } of cgroups.pathsOf('cpu'))
    for (const folder of folders) {
      const file = join(root, folder, 'cpu.stat')
      if ((await readThrottling(file)) !== undefined) files.push(file)
    }
  if (files.length === 0)
    return missing(
      Object.fromEntries(names.map((name) => [name, 'no cpu.stat of a control group can be read'])),
    )
  return {
    signals: Object.fromEntries(names.map((name) => [name, 'counter'])),
    async read() {
      const groups = await Promise.all(files.map(readThrottling))
      const known = groups.filter((group) => group !== undefined)
      // the sum of the others would look as if counters had been reset.
      if (known.length < groups.length) return {}
      const sum = (key: keyof Throttling): number => known.reduce((total, group) => total + group[key], 0)
      return {
        'cpu.quotaPeriods': sum('periods'),
        'cpu.throttledPeriods': sum('throttledPeriods'),
        'cpu.throttledMs': sum('throttledMs'),
      }
    },
  }
}

/** Version 2 counts microseconds, version 1 nanoseconds: of every CPU on which tasks were stopped. */
async function readThrottling(file: string): Promise<Throttling | undefined> {
  const counts = await readCounts(file)
  if (counts.size === 0) return undefined
  const throttledUs = counts.get('throttled_usec')
  const throttledMs =
    throttledUs === undefined ? (counts.get('throttled_time') ?? 0) / 1e6 : throttledUs / 1e3
  return {
    periods: counts.get('nr_periods') ?? 0,
    throttledPeriods: counts.get('nr_throttled') ?? 0,
    throttledMs,
  }
}
