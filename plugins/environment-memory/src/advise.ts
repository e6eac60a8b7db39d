import { join } from 'node:path'
import type { Advice } from '@cloudbench/core'
import { readText } from '@cloudbench/environment-kit'

/** Below this share of free memory the kernel begins to look for pages to take back. */
const scarceShare = 0.1

/** What may have a run wait for memory. */
export async function advise(root: string): Promise<readonly Advice[]> {
  const meminfo = (await readText(join(root, 'proc/meminfo'))) ?? ''
  const bytesOf = (name: string): number | undefined => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d{1,15}) kB$`, 'm').exec(meminfo)?.[1]
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
  }
  const [total, available, swap] = ['MemTotal', 'MemAvailable', 'SwapTotal'].map(bytesOf)
  const advice: Advice[] = []
  if (total !== undefined && available !== undefined && available < total * scarceShare)
    advice.push({
      what: `${toMegabytes(available)} of ${toMegabytes(total)} MB of memory are available`,
      why: 'the kernel takes pages back while the load runs, and what needs one waits',
      how: 'stop what else runs on the machine, or use a larger one',
    })
  if (swap !== undefined && swap > 0)
    advice.push({
      what: `swap is on: ${toMegabytes(swap)} MB`,
      why: 'a page that was swapped out takes a disk to come back, in the middle of a measurement',
      how: 'sudo swapoff -a',
      state: 'note',
    })
  return advice
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1e6)
}
