import { join } from 'node:path'
import type { Cgroups } from './cgroup/find.ts'
import { numberIn, readText } from './files.ts'

/** Since boot, or since the group was made. */
export interface Pressure {
  /** How long at least one task waited. */
  readonly someMs?: number
  /** How long all tasks waited. */
  readonly fullMs?: number
}

/** Pressure stall information: `cpu.pressure` of a group, `/proc/pressure/cpu`. Empty where there is none. Never rejects. */
export async function readPressure(path: string): Promise<Pressure> {
  return pressureIn((await readText(path)) ?? '')
}

/** The totals, from the kernel's microseconds. */
export function pressureIn(text: string): Pressure {
  const someMs = totalMs(text, /^some .*\btotal=(\d+)$/m)
  const fullMs = totalMs(text, /^full .*\btotal=(\d+)$/m)
  return { ...(someMs !== undefined && { someMs }), ...(fullMs !== undefined && { fullMs }) }
}

function totalMs(text: string, line: RegExp): number | undefined {
  const totalUs = numberIn(line.exec(text)?.[1])
  return totalUs === undefined ? undefined : totalUs / 1000
}

/**
 * The file with the pressure on a resource: of this process's own group, where groups have their own, which takes version 2,
 * else of the machine. Undefined: the kernel has none, or it is switched off.
 */
export async function findPressure(
  root: string,
  cgroups: Cgroups,
  resource: 'cpu' | 'io' | 'memory',
): Promise<string | undefined> {
  const own = cgroups.pathsOf(resource).find(({ version }) => version === 2)?.folders[0]
  const files = [
    ...(own === undefined ? [] : [join(own, `${resource}.pressure`)]),
    `/proc/pressure/${resource}`,
  ]
  for (const file of files) if ((await readPressure(join(root, file))).someMs !== undefined) return file
  return undefined
}
