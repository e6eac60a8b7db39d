import type { Json } from '../../plugin/common.ts'
import type { Facts } from '../../plugin/facts.ts'
import type { Measurement, Sampled } from '../measurement.ts'
import { grown, mean, missing, overall, peak } from '../readings.ts'
import type { Reading, SignalRow } from '../signal-row.ts'

/** Clocks that are read without a system call. */
const fastClocks = /^(tsc|kvm-clock|arch_sys_counter|hyperv_clocksource\w*)$/

/** Clocks, and what kind of machine it is. */
export const hostRows = [
  {
    name: 'clockSource',
    unit: 'count',
    suspectAbove: 0,
    invalidAbove: null,
    code: 'CLOCK',
    text: 'Machines whose clock takes a system call to read: not `tsc`, `kvm-clock`, `arch_sys_counter` or one of Hyper-V.',
    source: 'the fact `clock.source`: `current_clocksource` of `/sys`',
    advice: 'set clocksource=tsc, or use a machine that has it',
    concerns: 'run',
    say: () => 'the clock of the machine is slow to read',
    read: counted('clock.source', (source) =>
      typeof source === 'string' ? !fastClocks.test(source) : undefined,
    ),
  },
  {
    name: 'clockDrift',
    unit: 'ppm',
    suspectAbove: 100,
    invalidAbove: null,
    code: 'CLOCK',
    text: 'How much faster or slower the wall clock ran than the monotonic clock, which is the one that measures.',
    source: '`clock.driftPpm`',
    advice: 'wait until the clock is synchronized: chronyc tracking',
    concerns: 'nothing',
    say: (observed) => `the wall clock drifts by ${observed}`,
    read: overall('clock.driftPpm', (sampled) => {
      const drift = mean('clock.driftPpm')(sampled)
      return drift === undefined ? undefined : Math.abs(drift)
    }),
  },
  {
    name: 'clockStep',
    unit: 'ns',
    suspectAbove: 10e6,
    invalidAbove: null,
    code: 'CLOCK',
    text: 'By how much the wall clock jumped in an interval. The monotonic clock, which is the one that measures, does not.',
    source: '`clock.steppedMs`',
    advice: 'have the clock synchronized before the run: chronyc waitsync',
    concerns: 'nothing',
    say: (observed) => `the wall clock jumped by ${observed}`,
    read: peak('clock.steppedMs', (sampled) => {
      const ms = grown('clock.steppedMs')(sampled)
      return ms === undefined ? undefined : ms * 1e6
    }),
  },
  {
    name: 'burstable',
    unit: 'count',
    suspectAbove: 0,
    invalidAbove: null,
    code: 'BURSTABLE',
    text: 'Machines of a kind that runs at a share of a CPU once its credits are used up.',
    source: 'the fact `host.isBurstable`, by the type of the instance',
    advice: 'use a machine with a fixed performance',
    concerns: 'run',
    say: () => 'the machine is burstable: how fast it is depends on what it did before',
    read: counted('host.isBurstable', (fact) => (typeof fact === 'boolean' ? fact : undefined)),
  },
  {
    name: 'creditsSpent',
    unit: 'share',
    suspectAbove: 0,
    invalidAbove: 0.05,
    code: 'BURSTABLE',
    text: 'Share of the time in which no CPU credits were left.',
    source: '`cpu.credits`, where the guest can tell, or `cpu.predictedCredits`',
    advice: 'use a machine with a fixed performance, or let it collect credits first',
    concerns: 'run',
    say: (observed) => `no CPU credits were left for ${observed} of the time`,
    read: spentShare,
  },
] as const satisfies readonly SignalRow[]

/** On how many machines a fact is so; on any plugin's word. */
function counted(
  name: string,
  isSo: (fact: Json | undefined) => boolean | undefined,
): (measurement: Measurement) => Reading {
  return ({ evidence: { machines } }) => {
    const known = machines.flatMap(({ facts }) => {
      const [answer] = Object.values(facts).flatMap((own: Facts) => isSo(own[name]) ?? [])
      return answer === undefined ? [] : [answer]
    })
    return known.length === 0
      ? { missing: `no environment knows ${name}` }
      : { value: known.filter(Boolean).length }
  }
}

/** What a guest can tell of its credits, or what is predicted of them. */
function creditsIn({ gauges }: Sampled): number | undefined {
  for (const name of ['cpu.credits', 'cpu.predictedCredits'])
    if (Object.hasOwn(gauges, name)) return gauges[name]!.mean
  return undefined
}

function spentShare(measurement: Measurement): Reading {
  const shares = measurement.machines.flatMap(({ courses }) => {
    const known = courses.flat().filter((step) => creditsIn(step) !== undefined)
    const spanOf = (some: typeof known): number => some.reduce((sum, { spanMs }) => sum + spanMs, 0)
    const spent = known.filter((step) => creditsIn(step)! <= 0)
    return known.length === 0 ? [] : [spanOf(spent) / Math.max(1, spanOf(known))]
  })
  return shares.length === 0 ? missing('cpu.credits', measurement) : { value: Math.max(...shares) }
}
