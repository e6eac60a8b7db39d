import { join } from 'node:path'
import type { WorkerProcess } from '@cloudbench/core'
import { readText, type SignalSource } from '@cloudbench/environment-kit'
import { bytesByNode } from './numa-maps.ts'
import type { NumaNode } from './topology.ts'

/**
 * A worker is looked at this rarely: the kernel visits every page of the process meanwhile (12 ms for 470 MB), and what is
 * allocated in that time has to wait.
 */
const restMs = 10_000

export interface RemoteShareOptions {
  readonly root: string
  readonly nodes: readonly NumaNode[]
  readonly nodeCount: number
  /** In milliseconds. */
  readonly now?: (() => number) | undefined
}

interface Look {
  readonly atMs: number
  readonly share: number | undefined
}

/**
 * Follows which share of the memory of workers lies on other nodes than they run on, and answers with that of the worker with
 * the most. It looks at one worker per call; what was seen of the others stays as it was.
 */
export function remoteShareSource({
  root,
  nodes,
  nodeCount,
  now = () => performance.now(),
}: RemoteShareOptions): SignalSource {
  const looks = new Map<number, Look>()
  const largestShare = async (workers: readonly WorkerProcess[]): Promise<number | undefined> => {
    if (workers.length === 0) return undefined
    // there is no other node
    if (nodeCount === 1) return 0
    for (const pid of looks.keys()) if (!workers.some((worker) => worker.pid === pid)) looks.delete(pid)
    const next = workers.toSorted((a, b) => seenAt(looks, a) - seenAt(looks, b))[0]!
    const atMs = now()
    if (atMs - seenAt(looks, next) >= restMs)
      looks.set(next.pid, { atMs, share: await readShare(root, next.pid, nodes) })
    const shares = Array.from(looks.values(), ({ share }) => share).filter((share) => share !== undefined)
    return shares.length === 0 ? undefined : Math.max(...shares)
  }
  return {
    signals: { 'worker.remoteMemoryShare': 'gauge' },
    read: async (workers) => ({ 'worker.remoteMemoryShare': await largestShare(workers) }),
  }
}

function seenAt(looks: ReadonlyMap<number, Look>, { pid }: WorkerProcess): number {
  return looks.get(pid)?.atMs ?? -Infinity
}

async function readShare(root: string, pid: number, nodes: readonly NumaNode[]): Promise<number | undefined> {
  const folder = join(root, 'proc', String(pid))
  const cpu = processorIn(await readText(join(folder, 'stat')))
  const home = nodes.find(({ cpus }) => cpu !== undefined && cpus.includes(cpu))
  const maps = home && (await readText(join(folder, 'numa_maps')))
  const bytes = maps === undefined ? undefined : bytesByNode(maps)
  if (home === undefined || bytes === undefined) return undefined
  const total = [...bytes.values()].reduce((sum, some) => sum + some, 0)
  return total > 0 ? 1 - (bytes.get(home.id) ?? 0) / total : undefined
}

/** The CPU that the main thread ran on last: field 39 of proc_pid_stat(5). The name before it may hold anything. */
function processorIn(stat: string | undefined): number | undefined {
  const field = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[39 - 3]
  return field !== undefined && /^\d{1,5}$/.test(field) ? Number(field) : undefined
}
