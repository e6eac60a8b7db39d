import type { Advice, EnvironmentContext } from '@cloudbench/core'
import { findCgroups, findQuota } from '@cloudbench/environment-kit'
import { clockSource, isFastClock } from './facts/clock-source.ts'
import { type BurstableType, instanceType, isBurstable } from './facts/instance.ts'
import { percent } from './format.ts'
import type { BurstOptions } from './options.ts'
import { creditsLastMinutes } from './signals/predicted-credits.ts'

/** What is in the way of an even pace. */
export async function advise({
  facts,
  options: { root, credits },
}: EnvironmentContext<BurstOptions>): Promise<readonly Advice[]> {
  const [type, quota, clock] = await Promise.all([
    instanceType(facts, root),
    findCgroups(root).then((cgroups) => findQuota(root, cgroups)),
    clockSource(root),
  ])
  const advice: Advice[] = isBurstable(type) ? [burstAdvice(type, credits)] : []
  if (quota !== undefined)
    advice.push({
      what: `a quota of ${quota.cpus} CPUs holds for this process (${quota.file})`,
      why: `once it is used up, all workers stop until the next period of ${quota.periodMs} ms begins`,
      how: `use at most ${Math.max(Math.floor(quota.cpus), 1)} worker(s) (--workers), or remove the quota`,
    })
  if (clock !== undefined && !isFastClock(clock))
    advice.push({
      what: `the clock source is ${clock}`,
      why: 'every look at the clock is a call of the kernel, or of the host, and the load thread looks often',
      how: 'see /sys/devices/system/clocksource/clocksource0/available_clocksource for a faster one, such as tsc or kvm-clock',
      state: 'note',
    })
  return advice
}

/** What is known about a burstable instance, and what only its provider knows. */
export function burstAdvice(type: BurstableType, credits: number | undefined): Advice {
  const { name, vCpus, burst } = type
  const earned =
    burst.creditsPerHour === undefined ? '' : ` and earn ${burst.creditsPerHour} CPU credits an hour`
  return {
    what: `${name} is burstable: its ${vCpus} CPUs have a baseline of ${percent(burst.baselineShare)}${earned}`,
    ...consequence(type, credits),
  }
}

function consequence(type: BurstableType, credits: number | undefined): Pick<Advice, 'why' | 'how'> {
  const elsewhere = 'measure from an instance that is not burstable'
  if (credits !== undefined)
    return {
      why: `with all CPUs busy, ${credits} credits last ${Math.round(creditsLastMinutes(credits, type))} min; then it gets the baseline alone, and latency jumps`,
      how: `${elsewhere}, or look at ${balanceOf(type)} before and after`,
    }
  if (type.burst.creditsPerHour === undefined)
    return {
      why: 'it exceeds the baseline for a while, and its provider does not say for how long; then it gets the baseline alone, and latency jumps',
      how: elsewhere,
    }
  return {
    why: 'above the baseline it spends credits. How many are left cannot be seen from inside; without them it gets the baseline alone, and latency jumps',
    how: `${elsewhere}, or look at ${balanceOf(type)} before and after, and give it as \`credits\``,
  }
}

function balanceOf({ provider }: BurstableType): string {
  return provider === 'aws' ? 'CPUCreditBalance in CloudWatch' : 'the monitoring of the provider'
}
