import { formatCpuList, parseCpuList } from '@cloudbench/environment-kit'
import type { Placement } from './placement.ts'

/** What a worker was started with, as read back from its command line. */
export interface Asked {
  readonly cpus?: readonly number[]
  /** All CPUs of these nodes. */
  readonly cpuNodes?: readonly number[]
  readonly memory?: NonNullable<Placement['memory']>
}

const memoryFlags = { bind: '--membind', prefer: '--preferred', interleave: '--interleave' } as const

/** CPUs and memory. `--all`: this process may itself be on other CPUs, and numactl would refuse those of the worker. */
export function numactlWords({ cpus, wholeNode, memory }: Placement): readonly string[] {
  const cpuWords =
    wholeNode === undefined
      ? ['--all', `--physcpubind=${formatCpuList(cpus)}`]
      : [`--cpunodebind=${wholeNode}`]
  const memoryWords = memory ? [`${memoryFlags[memory.policy]}=${formatCpuList(memory.nodes)}`] : []
  return ['numactl', ...cpuWords, ...memoryWords]
}

/** CPUs only. */
export function tasksetWords({ cpus }: Pick<Placement, 'cpus'>): readonly string[] {
  return ['taskset', '-c', formatCpuList(cpus)]
}

/** What the words above ask for, wherever they are on a command line. The last one wins, as it is the innermost. */
export function askedOf(wrap: readonly string[]): Asked {
  const valueOf = (flag: string): readonly number[] | undefined => {
    const word = wrap.findLast((candidate) => candidate.startsWith(`${flag}=`))
    return parseCpuList(word?.slice(flag.length + 1))
  }
  const tasksetAt = wrap.findLastIndex((word, at) => word === 'taskset' && wrap[at + 1] === '-c')
  const cpus = valueOf('--physcpubind') ?? (tasksetAt < 0 ? undefined : parseCpuList(wrap[tasksetAt + 2]))
  const cpuNodes = valueOf('--cpunodebind')
  const policy = (['bind', 'prefer', 'interleave'] as const).find((one) => valueOf(memoryFlags[one]))
  return {
    ...(cpus && { cpus }),
    ...(cpuNodes && { cpuNodes }),
    ...(policy && { memory: { policy, nodes: valueOf(memoryFlags[policy])! } }),
  }
}
