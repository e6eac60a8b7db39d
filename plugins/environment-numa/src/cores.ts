import { join } from 'node:path'
import { parseCpuList, readText } from '@cloudbench/environment-kit'

/**
 * How many cores CPUs belong to: two CPUs of one core share its units, so a second worker there slows the first. A CPU whose
 * siblings cannot be read counts as a core.
 */
export async function countCores(root: string, cpus: readonly number[]): Promise<number> {
  const cores = await Promise.all(
    cpus.map(async (cpu) => {
      const file = join(root, `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`)
      return parseCpuList(await readText(file))?.[0] ?? cpu
    }),
  )
  return new Set(cores).size
}
