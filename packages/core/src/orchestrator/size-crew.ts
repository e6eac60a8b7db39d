import { hostname, networkInterfaces } from 'node:os'
import { machineBounds } from '../config/machine-bounds.ts'
import type { PhasePlan } from '../config/plan.ts'
import { Host } from '../hooks/host.ts'
import { answeredInTime } from '../metrics/metrics.ts'
import type { Load, Phase } from '../plugin/model.ts'
import { crewSizeOf, type CrewSize } from './crew-size.ts'
import { measureScenario } from './measure-scenario.ts'
import type { ReadyScenario, ScenarioOptions } from './scenario.ts'
import type { ReadyTarget } from './targets.ts'

/** The first is to warm up: compiled code costs a fraction. */
const phasesMs = [1_000, 1_000] as const

/** Runs a scenario with one worker for two seconds, at its highest rates, and tells how many workers it takes. */
export async function sizeCrew(
  { plan, targets, scenario }: ReadyScenario,
  options: Omit<ScenarioOptions, 'host'>,
): Promise<CrewSize> {
  options.steps.begin('finding how many workers it takes', plan.id)
  const { log: _, ...withoutLog } = plan
  const loads = Object.fromEntries(plan.flows.map(({ name }) => [name, highestLoad(name, plan.phases)]))
  const phases = phasesMs.map((durationMs, at): Phase => ({
    name: `calibration ${at + 1}`,
    kind: 'warmup',
    scenario: plan.id,
    durationMs,
    loads: Object.fromEntries(Object.entries(loads).map(([name, load]) => [name, load(durationMs)])),
  }))
  const measured = await measureScenario(
    { plan: { ...withoutLog, workers: 1, phases, checks: [] }, targets, scenario: { ...scenario, phases } },
    // no reporter hears of it, but of why they wait; its requests are others than those of the run
    {
      ...options,
      run: `${options.run}-calibration`,
      steps: { ...options.steps, begin: () => {} },
      host: new Host({ mergeIntervals: () => undefined }),
    },
  )
  const [first] = measured.errors
  if (first) throw new Error(first.message)
  const last = measured.phases[phases.length - 1]
  if (!last) return { workers: 1, reason: 'interrupted' }
  return crewSizeOf({
    cpuMs: last.generators.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
    elapsedMs: last.elapsedMs,
    flows: last.flows.map(({ flow, total }) => {
      const load = last.phase.loads[flow]!
      const { connections } = load
      const answered = answeredInTime(total)
      return load.model === 'open'
        ? { perSecond: load.stages[0]!.toPerSecond, connections, answered }
        : { connections, answered }
    }),
    // as they were before an environment put this process on a few of them
    cpus: options.agent.facts['machine']?.['cpu.availableCount'] ?? machineBounds().cpus,
    hasLocalServer: targets.some(isLocal),
  })
}

/** The load of a flow where its rate is highest, for any length of time. */
function highestLoad(flow: string, phases: readonly PhasePlan[]): (durationMs: number) => Load {
  const loads = phases.map((phase) => phase.loads[flow]!)
  const busiest = loads.toSorted((a, b) => peakOf(b) - peakOf(a) || b.connections - a.connections)[0]!
  if (busiest.model === 'closed') return () => busiest
  const perSecond = peakOf(busiest)
  return (durationMs) => ({
    ...busiest,
    stages: [{ durationMs, fromPerSecond: perSecond, toPerSecond: perSecond }],
  })
}

function peakOf(load: Load): number {
  if (load.model === 'closed') return 0
  return Math.max(...load.stages.flatMap(({ fromPerSecond, toPerSecond }) => [fromPerSecond, toPerSecond]))
}

/** Whether the server runs on this machine: started or found by us, or at an address of it. */
export function isLocal({ url, shown: { origin } }: Pick<ReadyTarget, 'url' | 'shown'>): boolean {
  if (origin !== 'given') return true
  if (/^(\w+\+)?unix:|[@/]%2f|[?&]host=(\/|%2f)/i.test(url)) return true
  const own = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address))
  const names = new Set(['localhost', hostname().toLowerCase(), ...own])
  return url.split(',').some((part) => {
    const host = hostOf(part)
    return host !== undefined && (names.has(host) || host.startsWith('127.'))
  })
}

/** Of one of the servers that a url names. */
function hostOf(part: string): string | undefined {
  const text = part.includes('://') ? part : `tcp://${part}`
  return URL.canParse(text) ? new URL(text).hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase() : undefined
}
