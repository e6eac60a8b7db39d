import { readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { readNumber, readText } from '@cloudbench/environment-kit'

/** More than a machine has; a host of containers has thousands that are not of interest. */
const mostInterfaces = 32

/** A network interface. */
export interface Interface {
  readonly name: string
  /** Such as `ena`; absent for one that no device is behind, as in a container. */
  readonly driver?: string
  readonly bitsPerSecond?: number
}

/**
 * The interfaces that packets leave the machine by: those with a device behind them, since bridges and tunnels count the same
 * packets again. Where there are none, as in a container, all but loopback. Undefined where they cannot be read. Never rejects.
 */
export async function findInterfaces(root: string): Promise<readonly Interface[] | undefined> {
  const table = await readText(join(root, 'proc/net/dev'))
  if (table === undefined) return undefined
  // not from /sys, which may be that of another network namespace
  const names = parseTable(table).map(({ name }) => name)
  const all = await Promise.all(
    names
      .filter(isName)
      .slice(0, mostInterfaces)
      .map((name) => inspect(root, name)),
  )
  const physical = all.filter(({ driver }) => driver !== undefined)
  return physical.length > 0 ? physical : all
}

async function inspect(root: string, name: string): Promise<Interface> {
  const folder = join(root, 'sys/class/net', name)
  const driver = await readlink(join(folder, 'device/driver')).catch(() => undefined)
  // a virtual device has none, or says -1
  const megabits = await readNumber(join(folder, 'speed'))
  return {
    name,
    ...(driver !== undefined && { driver: basename(driver) }),
    ...(megabits !== undefined && megabits > 0 && { bitsPerSecond: megabits * 1e6 }),
  }
}

/** The one that the default route leaves by; without one, the only one. Undefined: which one is not known. */
export async function mainInterface(
  root: string,
  interfaces: readonly Interface[],
): Promise<Interface | undefined> {
  const [routes, newerRoutes] = await Promise.all(
    ['route', 'ipv6_route'].map((name) => readText(join(root, 'proc/net', name))),
  )
  const leaving = /^(\S+)\t00000000\t/m.exec(routes ?? '')?.[1] ?? newerDefault(newerRoutes ?? '')
  if (leaving === undefined) return interfaces.length === 1 ? interfaces[0] : undefined
  return interfaces.find(({ name }) => name === leaving)
}

/** Of version 6: a destination of no bits, and the metric and the name at the end. What is unreachable goes by way of `lo`. */
function newerDefault(routes: string): string | undefined {
  const ways = Array.from(
    routes.matchAll(/^0{32} 00 (?:[\da-f]+ ){3}([\da-f]{8}) (?:[\da-f]+ +){3}(\S+)$/gm),
    ([, metric = '', name = '']) => ({ metric, name }),
  )
  return ways.filter(({ name }) => name !== 'lo').toSorted((a, b) => (a.metric < b.metric ? -1 : 1))[0]?.name
}

/** The rows of /proc/net/dev: eight numbers of what was received, and eight of what was sent. Others are left out. */
export function parseTable(
  table: string,
): readonly { readonly name: string; readonly numbers: readonly number[] }[] {
  return table.split('\n').flatMap((line) => {
    const [, name, rest] = /^\s*(\S+?):\s*([\d\s]+)$/.exec(line) ?? []
    const numbers = rest?.trim().split(/\s+/).map(Number) ?? []
    return name !== undefined && numbers.length === 16 && numbers.every(Number.isSafeInteger)
      ? [{ name, numbers }]
      : []
  })
}

/** What the kernel allows, without what a program could take for an option or a path. */
function isName(name: string): boolean {
  return name !== 'lo' && /^\w[\w.:@-]{0,14}$/.test(name)
}
