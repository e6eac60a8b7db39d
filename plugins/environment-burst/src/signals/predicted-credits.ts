import type { Logger } from '@cloudbench/core'
import { missing, type SignalSource } from '@cloudbench/environment-kit'
import { readCpuTimes, timesBetween } from '../cpu-times.ts'
import type { BurstableType } from '../facts/instance.ts'
import { percent } from '../format.ts'

export interface CreditsOptions {
  /** At the start, as the provider shows them. */
  readonly credits: number
  readonly log: Pick<Logger, 'warn'>
  readonly nowMs?: () => number
}

/**
 * What is left of the credits, by what the CPUs do: one credit is one CPU for one minute, and below the baseline they grow.
 * A prediction, since no guest can see them.
 */
export async function predictedCredits(
  root: string,
  { name, vCpus, burst }: BurstableType,
  { credits, log, nowMs = () => performance.now() }: CreditsOptions,
): Promise<SignalSource> {
  let last = await readCpuTimes(root)
  if (last === undefined)
    return missing({ 'cpu.predictedCredits': '/proc/stat does not say what the CPUs do' })
  let lastMs = nowMs()
  let left = credits
  let isTold = false
  return {
    signals: { 'cpu.predictedCredits': 'gauge' },
    async read() {
      const now = await readCpuTimes(root)
      const atMs = nowMs()
      if (now === undefined || last === undefined) return {}
      const { busy, stolen, idle } = timesBetween(last, now)
      const total = busy + stolen + idle
      if (total > 0) {
        const spentPerMinute = vCpus * (busy / total - burst.baselineShare)
        left = Math.max(left - (spentPerMinute * (atMs - lastMs)) / 60_000, 0)
        ;[last, lastMs] = [now, atMs]
      }
      if (left === 0 && !isTold) {
        isTold = true
        log.warn(
          `of the ${credits} CPU credits that were given, none should be left: from now on ${name} gets ${percent(burst.baselineShare)} of each CPU, unless it is in unlimited mode`,
        )
      }
      return { 'cpu.predictedCredits': left }
    },
  }
}

/** How long credits last when all CPUs are busy; infinite where the baseline is a whole CPU. */
export function creditsLastMinutes(credits: number, { vCpus, burst }: BurstableType): number {
  return credits / (vCpus * (1 - burst.baselineShare))
}
