import type { FlowPlan, ScenarioPlan, SizedPlan } from '../config/plan.ts'
import { workloadOf } from '../loading/workload.ts'
import type { Phase, Scenario } from '../plugin/model.ts'
import type { WireFlow } from '../protocol/protocol.ts'
import type { LoadedDriver, LoadedPlugins } from './plugins.ts'
import type { ReadyTarget } from './targets.ts'

/** A scenario plan as reporters and results see it. */
export function describeScenario(
  plan: SizedPlan,
  targets: readonly ReadyTarget[],
  { drivers, clients }: Pick<LoadedPlugins, 'drivers' | 'clients'>,
): Scenario {
  const { id, source, description, tags, comparison, workers, dispatch, seed, intervalMs, trace } = plan
  const flows = plan.flows.map((flow, at) => {
    const { plugin } = drivers.get(flow.driver)!
    const client = clients.get(flow)
    return {
      name: flow.name,
      driver: plugin.name,
      workload: workloadOf(plugin, flow.workload).name,
      ...(client !== undefined && { client }),
      target: targets[at]?.shown ?? { name: flow.target.name, url: '', origin: 'given' as const },
    }
  })
  const phases = plan.phases.map((phase): Phase => ({ ...phase, scenario: id }))
  return {
    id,
    ...(source && { source }),
    description,
    tags,
    ...(comparison !== undefined && { comparison }),
    flows,
    phases,
    checks: plan.checks.map(({ name, expected, scoped, conditions }) => ({
      name,
      expected,
      limits: conditions.map(({ limit }) => limit),
      unit: scoped.metric.unit,
    })),
    workers,
    dispatch,
    seed,
    intervalMs,
    ...(trace && { trace }),
  }
}

/** A flow of a plan as workers see it. */
export function wireFlow(
  { name, driver, workload, options }: FlowPlan,
  { phases }: ScenarioPlan,
  target: ReadyTarget,
  drivers: ReadonlyMap<string, LoadedDriver>,
): WireFlow {
  const { url, plugin } = drivers.get(driver)!
  return {
    name,
    driver: { url, name: plugin.name, options },
    workload,
    target: target.url,
    connections: Math.max(...phases.map(({ loads }) => loads[name]!.connections)),
  }
}
