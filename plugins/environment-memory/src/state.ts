import { totalmem } from 'node:os'
import type { Facts } from '@cloudbench/core'
import type { MemoryGroups } from '@cloudbench/environment-kit'
import { type MemoryCounts, readMachineBytes, readMemoryCounts, readPageBytes } from './machine.ts'

/** How much memory there is, as far as a balloon or a new limit would show. */
export interface MemoryState {
  readonly machineBytes: number
  /** Below that of the machine. Absent: no limit. */
  readonly groupLimitBytes?: number
  /** What a balloon took since boot. Absent where the kernel does not count it. */
  readonly balloonInflatedBytes?: number
}

/**
 * A look at the memory, and what else the kernel counts beside it. Without a state: a file that says it cannot be read now, and
 * what is left of the others would look as if a limit had moved. Never rejects.
 */
export type StateReader = () => Promise<{ readonly state?: MemoryState; readonly counts: MemoryCounts }>

export async function stateReader(root: string, groups: MemoryGroups): Promise<StateReader> {
  const pageBytes = await readPageBytes(root)
  const isShown = (await readMachineBytes(root)) !== undefined
  return async () => {
    const [bytes, counts] = await Promise.all([
      isShown ? readMachineBytes(root) : totalmem(),
      readMemoryCounts(root, pageBytes),
    ])
    if (bytes === undefined) return { counts }
    const { limit, isWhole } = await groups.look(bytes)
    if (!isWhole) return { counts }
    const { balloonInflatedBytes } = counts
    const state = {
      machineBytes: bytes,
      ...(limit && { groupLimitBytes: limit.bytes }),
      ...(balloonInflatedBytes !== undefined && { balloonInflatedBytes }),
    }
    return { state, counts }
  }
}

/** What holds: the smaller one of the limit and the memory of the machine. */
export function limitOf({ machineBytes: bytes, groupLimitBytes = bytes }: MemoryState): number {
  return Math.min(groupLimitBytes, bytes)
}

/** As it was discovered; undefined where discovery came too late. */
export function stateIn(facts: Facts | undefined): MemoryState | undefined {
  const bytes = facts?.['memory.bytes']
  if (facts === undefined || bytes === undefined) return undefined
  const { 'memory.limitBytes': groupLimitBytes, 'memory.balloonInflatedBytes': inflated } = facts
  return {
    machineBytes: bytes,
    ...(groupLimitBytes !== undefined && { groupLimitBytes }),
    ...(typeof inflated === 'number' && { balloonInflatedBytes: inflated }),
  }
}
