import { CloudbenchError } from '../errors.ts'
import { formatRate } from '../text/format.ts'
import type { MachineBounds } from './machine-bounds.ts'
import type { FlowPlan, PhasePlan, ScenarioPlan } from './plan.ts'
import type { Reader } from './reader.ts'
import type { ScenarioTree } from './schema.ts'

/** Each is a process with one thread; more of them only take the CPU from each other. */
const workersPerCpu = 16
/** Timing and counting a request alone takes a worker longer than this leaves for it. */
const perSecondAndWorker = 10e6
/** Files that a worker has open besides its connections. */
const ownFiles = 64

type Plan = Pick<ScenarioPlan, 'workers' | 'flows' | 'phases'>

/** Refuses what this machine could never do, with the most that it could. */
export function refuseBeyond(
  plan: Plan,
  written: ScenarioTree,
  { cpus, openFiles, ports }: MachineBounds,
  read: Reader,
): void {
  const { flows } = plan
  // a calibration never asks for more than one for each CPU, and opens all connections in one itself
  const workers = plan.workers === 'auto' ? cpus : plan.workers
  const openers = plan.workers === 'auto' ? 1 : plan.workers
  const mostWorkers = cpus * workersPerCpu
  if (workers > mostWorkers)
    throw beyond({
      what: `${read.at(['workers'])}: ${workers} workers are more than this machine can run`,
      expected: `at most ${mostWorkers}, which is ${workersPerCpu} for each CPU`,
      next: 'a worker keeps one CPU busy: set as many as can be spared',
    })

  const mostPerSecond = workers * perSecondAndWorker
  const mostFiles = Math.max(0, openFiles - ownFiles) * openers
  let files = 0
  for (const flow of flows) {
    const rate = highest(plan.phases, (phase) => rateOf(phase, flow.name))
    if (rate.value > mostPerSecond)
      throw beyond({
        what: `${read.at(placeOf('rate', rate.at, flow, written))}: ${formatRate(rate.value)} is more than ${countOf(workers, 'worker')} can send`,
        expected: `at most ${formatRate(mostPerSecond)}, which is ${formatRate(perSecondAndWorker)} for each worker`,
        next: 'lower the rate: how much a target takes shows without one, in a closed loop',
      })

    const connections = highest(plan.phases, ({ loads }) => loads[flow.name]!.connections)
    const place = read.at(placeOf('connections', connections.at, flow, written))
    files += connections.value
    if (files > mostFiles)
      throw beyond({
        what: `${place}: ${files} connections need more file descriptors than ${countOf(openers, 'worker')} may have`,
        expected: `at most ${mostFiles}, which is ${mostFiles / openers} for each worker`,
        next: `raise it (\`ulimit -n ${Math.ceil(files / openers) + ownFiles}\`), or set more workers`,
      })

    const mostPorts = ports * addressesOf(flow)
    if (connections.value > mostPorts)
      throw beyond({
        what: `${place}: ${connections.value} connections to one address need more ports than this machine has`,
        expected: `at most ${mostPorts}`,
        next: 'widen net.ipv4.ip_local_port_range, or use requests in flight instead: one connection can have several',
      })
  }
}

/** The highest value over all phases, and the number of the phase that has it. */
function highest(
  phases: readonly PhasePlan[],
  valueOf: (phase: PhasePlan) => number,
): { readonly value: number; readonly at: number } {
  const values = phases.map(valueOf)
  const value = values.reduce((most, next) => Math.max(most, next), 0)
  return { value, at: values.indexOf(value) }
}

function rateOf({ loads }: PhasePlan, flow: string): number {
  const load = loads[flow]!
  if (load.model === 'closed') return 0
  return load.stages.reduce((most, stage) => Math.max(most, stage.fromPerSecond, stage.toPerSecond), 0)
}

/** Where a value of a flow was written: phases and stages have the last word. */
function placeOf(
  key: 'rate' | 'connections',
  phase: number,
  { name }: FlowPlan,
  { phases, flows }: ScenarioTree,
): readonly string[] {
  if (phases?.[phase]?.[key] !== undefined) return ['phases', String(phase), key]
  return ['flows', name, key === 'rate' && flows?.[name]?.stages !== undefined ? 'stages' : key]
}

/** How many a url names; a Unix socket needs no port. */
function addressesOf({ target: { url = '' } }: FlowPlan): number {
  return /^(\w+\+)?unix:|[@/]%2f|[?&]host=(\/|%2f)/i.test(url) ? Infinity : url.split(',').length
}

function countOf(count: number, noun: string): string {
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`
}

function beyond(problem: {
  readonly what: string
  readonly expected: string
  readonly next: string
}): CloudbenchError {
  return new CloudbenchError({ code: 'CB_CONFIG', ...problem })
}
