import type { Agent } from '../agent/agent.ts'
import { digestOf } from '../config/digest.ts'
import type { PluginRef } from '../config/plan.ts'
import type { Facts } from '../plugin/facts.ts'
import type { Flow, PluginInfo } from '../plugin/model.ts'
import type { CeilingOf } from './options.ts'
import type { ReadyScenario } from './scenario.ts'

export interface CeilingOptions {
  readonly ceilingOf: CeilingOf
  readonly agent: Pick<Agent, 'facts'>
  readonly environment: readonly PluginRef[]
  readonly plugins: readonly PluginInfo[]
  readonly version: string
}

/** Scenarios whose flows have the highest rates that this machine was calibrated for, where it was. */
export function withCeilings(
  ready: readonly ReadyScenario[],
  options: CeilingOptions,
): readonly ReadyScenario[] {
  return ready.map((one) => {
    const flows = one.scenario.flows.map((flow, at) => {
      const ceiling = options.ceilingOf(setupOf(one, at, options))
      return ceiling === undefined ? flow : { ...flow, ceiling }
    })
    return { ...one, scenario: { ...one.scenario, flows } }
  })
}

/**
 * The SHA-256 of all that decides what a generator can do for a flow: hardware, kernel, Node.js, cloudbench and what
 * environments do to workers; the driver, its client and workload with their options; and how many workers send how.
 */
function setupOf(
  { plan, scenario }: ReadyScenario,
  at: number,
  { agent, environment, plugins, version }: CeilingOptions,
): string {
  const { options, name } = plan.flows[at]!
  const { driver, workload, client }: Flow = scenario.flows[at]!
  return digestOf({
    machine: machineOf(agent.facts['machine'] ?? {}),
    cloudbench: version,
    environment,
    driver,
    driverVersion: versionOf(plugins, driver) ?? null,
    workload,
    client: client ?? null,
    options,
    connections: Math.max(...plan.phases.map(({ loads }) => loads[name]!.connections)),
    workers: plan.workers,
    dispatch: plan.dispatch,
    trace: plan.trace ?? null,
    log: plan.log ?? null,
  })
}

function versionOf(plugins: readonly PluginInfo[], driver: string): string | undefined {
  return plugins.find(({ kind, name }) => kind === 'driver' && name === driver)?.version
}

/** Memory to the next power of two: a balloon moves the rest. */
function machineOf(facts: Facts): unknown {
  const names = [
    'cpu.model',
    'cpu.count',
    'cpu.availableCount',
    'os.type',
    'os.version',
    'process.runtime.version',
  ] as const
  return {
    ...Object.fromEntries(names.map((name) => [name, facts[name] ?? null])),
    memory: Math.round(Math.log2(facts['memory.bytes'] ?? 1)),
  }
}
