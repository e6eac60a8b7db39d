import type { EnvironmentContext, Watcher } from '@cloudbench/core'
import { findCgroups, missing, type SignalSource, watcherOf } from '@cloudbench/environment-kit'
import { burstAdvice } from './advise.ts'
import { canary } from './canary/canary.ts'
import { instanceType, isBurstable } from './facts/instance.ts'
import type { BurstOptions } from './options.ts'
import { frequency } from './signals/frequency.ts'
import { predictedCredits } from './signals/predicted-credits.ts'
import { stalls } from './signals/pressure.ts'
import { runDelay } from './signals/run-delay.ts'
import { steal } from './signals/steal.ts'
import { throttling } from './signals/throttling.ts'
import { wallClock } from './signals/wall-clock.ts'

/** Samples what takes CPU time away from the load, and whether the CPUs and the clock keep their pace. */
export async function watch(context: EnvironmentContext<BurstOptions>): Promise<Watcher> {
  const { root, canary: hasCanary } = context.options
  const cgroups = await findCgroups(root)
  const sources = await Promise.all([
    steal(root),
    stalls(root, cgroups, 'cpu'),
    stalls(root, cgroups, 'io'),
    throttling(root, cgroups),
    runDelay(root),
    frequency(root),
    credits(context),
  ])
  const noCanary = missing({ 'cpu.canaryNs': 'the option canary is off' })
  return watcherOf([...sources, wallClock(), hasCanary ? canary() : noCanary])
}

/** By now the environments that ask the provider have answered. */
async function credits({ options, facts, log }: EnvironmentContext<BurstOptions>): Promise<SignalSource> {
  const type = await instanceType(facts, options.root)
  const notSeen = (whyNotPredicted: string): SignalSource =>
    missing({ 'cpu.credits': 'credits cannot be seen from inside', 'cpu.predictedCredits': whyNotPredicted })
  if (!isBurstable(type)) {
    if (options.credits !== undefined)
      log.warn(`credits: ${options.credits} is not used, since this is not known to be a burstable instance`)
    return notSeen('this is not known to be a burstable instance')
  }
  const { what, why, how } = burstAdvice(type, options.credits)
  log.warn(`${what}: ${why}; ${how}`)
  if (options.credits === undefined) return notSeen('the option credits does not say how many there were')
  return predictedCredits(options.root, type, { credits: options.credits, log })
}
