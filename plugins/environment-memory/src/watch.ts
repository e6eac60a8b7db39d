import { join } from 'node:path'
import type { EnvironmentContext, SignalKind, Watcher } from '@cloudbench/core'
import {
  findMemoryGroups,
  findPressure,
  type MemoryGroups,
  missing,
  readNumber,
  readPressure,
  type SignalSource,
  watcherOf,
} from '@cloudbench/environment-kit'
import { type BalloonGuard, guardOf } from './guard.ts'
import { machineBytes, type MemoryCounts } from './machine.ts'
import type { MemoryOptions } from './options.ts'
import { limitOf, stateReader } from './state.ts'

/** Samples how much memory there is, what is in use, and what was done to get more of it. */
export async function watch(context: EnvironmentContext<MemoryOptions>): Promise<Watcher> {
  const { root } = context.options
  const groups = await findMemoryGroups(root)
  return watcherOf(
    await Promise.all([used(root, groups), stalls(root, groups), counts(root, groups, guardOf(context))]),
  )
}

/** Of the group that sets the limit, else of the own one. */
async function used(root: string, groups: MemoryGroups): Promise<SignalSource> {
  const file = await groups.usedFile(await groups.limitBelow(await machineBytes(root)))
  if (file === undefined) return missing({ 'memory.usedBytes': 'no control group says it' })
  return {
    signals: { 'memory.usedBytes': 'gauge' },
    read: async () => ({ 'memory.usedBytes': await readNumber(join(root, file)) }),
  }
}

async function stalls(root: string, { cgroups }: MemoryGroups): Promise<SignalSource> {
  const file = await findPressure(root, cgroups, 'memory')
  if (file === undefined) {
    const reason = 'the kernel counts no pressure: boot with psi=1'
    return missing({ 'memory.stalledMs': reason, 'memory.allStalledMs': reason })
  }
  return {
    signals: { 'memory.stalledMs': 'counter', 'memory.allStalledMs': 'counter' },
    async read() {
      const { someMs, fullMs } = await readPressure(join(root, file))
      return { 'memory.stalledMs': someMs, 'memory.allStalledMs': fullMs }
    },
  }
}

const counted: Readonly<Record<keyof MemoryCounts, { readonly name: string; readonly kind: SignalKind }>> = {
  swappedPages: { name: 'memory.swappedPages', kind: 'counter' },
  oomKills: { name: 'memory.oomKills', kind: 'counter' },
  majorFaults: { name: 'memory.majorFaults', kind: 'counter' },
  reclaimStalls: { name: 'memory.reclaimStalls', kind: 'counter' },
  balloonBytes: { name: 'memory.balloonBytes', kind: 'gauge' },
  balloonInflatedBytes: { name: 'memory.balloonInflatedBytes', kind: 'counter' },
}

/** The limit that holds and what the kernel counts, while a guard looks on. */
async function counts(root: string, groups: MemoryGroups, guard: BalloonGuard): Promise<SignalSource> {
  const look = await stateReader(root, groups)
  const first = await look()
  if (first.state) guard.look(first.state)
  const signals: Record<string, SignalKind> = { 'memory.limitBytes': 'gauge' }
  const reasons: Record<string, string> = {}
  for (const [key, { name, kind }] of Object.entries(counted))
    if (first.counts[key as keyof MemoryCounts] === undefined) reasons[name] = '/proc/vmstat does not say it'
    else signals[name] = kind
  return {
    signals,
    missing: reasons,
    async read() {
      const { state, counts: now } = await look()
      if (state) guard.look(state)
      const values = Object.entries(now).map(
        ([key, value]) => [counted[key as keyof MemoryCounts].name, value] as const,
      )
      return {
        ...(state && { 'memory.limitBytes': limitOf(state) }),
        ...Object.fromEntries(values.filter(([name]) => Object.hasOwn(signals, name))),
      }
    },
  }
}
