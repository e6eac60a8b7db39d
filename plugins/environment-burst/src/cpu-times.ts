import { join } from 'node:path'
import { numberIn, readText } from '@cloudbench/environment-kit'

/** Ticks of all CPUs together, since boot. */
export interface CpuTimes {
  /** That something ran, guests of this machine included. */
  readonly busy: number
  /** That something would have run, while the host ran others. */
  readonly stolen: number
  readonly idle: number
}

/** From the first line of `/proc/stat`; undefined where it has no `steal`, or cannot be read. Never rejects. */
export async function readCpuTimes(root: string): Promise<CpuTimes | undefined> {
  const line = /^cpu +(\d.*)$/m.exec((await readText(join(root, 'proc/stat'))) ?? '')?.[1]
  const ticks = line?.split(' ').map(numberIn).slice(0, 8) ?? []
  const known = ticks.filter((tick) => tick !== undefined)
  if (known.length < 8) return undefined
  const [user, nice, system, idle, ioWait, irq, softIrq, stolen] = known as CpuLine
  return { busy: user + nice + system + irq + softIrq, stolen, idle: idle + ioWait }
}

type CpuLine = [number, number, number, number, number, number, number, number]

/** What was added in between. Single times can fall by a few ticks, such as when a guest moves to another host. */
export function timesBetween(before: CpuTimes, after: CpuTimes): CpuTimes {
  const grown = (key: keyof CpuTimes): number => Math.max(after[key] - before[key], 0)
  return { busy: grown('busy'), stolen: grown('stolen'), idle: grown('idle') }
}
