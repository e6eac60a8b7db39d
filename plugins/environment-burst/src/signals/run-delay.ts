import { join } from 'node:path'
import type { WorkerProcess } from '@cloudbench/core'
import { missing, numberIn, readText, type SignalSource } from '@cloudbench/environment-kit'

interface Reading {
  readonly delayMs: number
  readonly atMs: number
}

/**
 * Share of the time in which a load thread could have run and waited for a CPU: of the worker that waited the most. One
 * that is new has no share yet; the core leaves out the first one of a phase.
 */
export async function runDelay(root: string, nowMs = () => performance.now()): Promise<SignalSource> {
  if ((await readDelayMs(join(root, 'proc/self/schedstat'))) === undefined)
    return missing({ 'worker.runDelayShare': '/proc/self/schedstat does not say it: boot with delayacct' })
  let last = new Map<number, Reading>()
  return {
    signals: { 'worker.runDelayShare': 'share' },
    async read(workers) {
      const readings = await Promise.all(
        workers.map(async ({ pid }) => [pid, await readingOf(root, pid, nowMs)] as const),
      )
      const now = new Map<number, Reading>()
      const shares: number[] = []
      for (const [pid, reading] of readings) {
        if (reading === undefined) continue
        now.set(pid, reading)
        shares.push(shareOf(last.get(pid), reading))
      }
      last = now
      return { 'worker.runDelayShare': shares.length === 0 ? undefined : Math.max(...shares) }
    },
  }
}

function shareOf(before: Reading | undefined, after: Reading): number {
  if (before === undefined || after.atMs <= before.atMs) return 0
  const share = (after.delayMs - before.delayMs) / (after.atMs - before.atMs)
  return Math.min(Math.max(share, 0), 1)
}

async function readingOf(
  root: string,
  pid: WorkerProcess['pid'],
  nowMs: () => number,
): Promise<Reading | undefined> {
  const delayMs = await readDelayMs(join(root, 'proc', String(pid), 'task', String(pid), 'schedstat'))
  return delayMs === undefined ? undefined : { delayMs, atMs: nowMs() }
}

/**
 * Time on a CPU, time waiting for one, both in nanoseconds, and how often. A kernel that does not count says `0 0 0`: what has
 * run has been on a CPU.
 */
async function readDelayMs(file: string): Promise<number | undefined> {
  const [ranNs, delayNs] = ((await readText(file)) ?? '').split(' ').map(numberIn)
  return !ranNs || delayNs === undefined ? undefined : delayNs / 1e6
}
