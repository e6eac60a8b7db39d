import { join } from 'node:path'
import { readText } from '@cloudbench/environment-kit'

/** Where the kernel takes the time from, such as `tsc`. Undefined where it does not say so. */
export async function clockSource(root: string): Promise<string | undefined> {
  const folder = join(root, 'sys/devices/system/clocksource/clocksource0')
  const source = (await readText(join(folder, 'current_clocksource')))?.trim()
  return source !== undefined && /^[\w-]{1,64}$/.test(source) ? source : undefined
}

/** Those that a process reads without a call of the kernel. */
export function isFastClock(source: string): boolean {
  return ['tsc', 'kvm-clock', 'arch_sys_counter'].includes(source) || source.startsWith('hyperv_')
}
