import type { ScenarioPlan } from '../config/plan.ts'
import { CloudbenchError } from '../errors.ts'
import type { Driver } from '../plugin/driver.ts'

export interface LaneOptions {
  /** By the name that the user gave. */
  readonly drivers: ReadonlyMap<string, { readonly plugin: Driver }>
  /** Checks the options of every flow. Throws what is wrong with them. */
  readonly check: (scenario: ScenarioPlan) => Promise<void>
  readonly warn: (message: string) => void
}

/**
 * A scenario as it runs: one that compares clients becomes one for each of them, with the same seed and load on the same
 * target. Of `all`, those that cannot run are left out, and named; where none can, the first error is thrown.
 */
export async function lanesOf(
  { clients, ...plan }: ScenarioPlan,
  { drivers, check, warn }: LaneOptions,
): Promise<readonly ScenarioPlan[]> {
  if (clients === undefined) {
    await check(plan)
    return [plan]
  }
  const known = clientsOf(plan, drivers)
  const lanes: ScenarioPlan[] = []
  const refusals: { readonly client: string; readonly error: CloudbenchError }[] = []
  for (const client of clients === 'all' ? known : clients) {
    const lane = laneOf(plan, client)
    try {
      await check(lane)
      lanes.push(lane)
    } catch (error) {
      if (clients !== 'all' || !(error instanceof CloudbenchError)) throw error
      refusals.push({ client, error })
    }
  }
  if (lanes.length === 0) throw refusals[0]!.error
  for (const { client, error } of refusals) {
    const next = error.code === 'CB_CLIENT_NOT_FOUND' ? `: ${error.next}` : ` (${error.message})`
    warn(`client ${client} is left out${next}`)
  }
  return lanes
}

function laneOf(plan: ScenarioPlan, client: string): ScenarioPlan {
  const flows = plan.flows.map((flow) => ({ ...flow, options: { ...flow.options, client } }))
  return { ...plan, id: `${plan.id} (${client})`, comparison: plan.id, flows }
}

/** The names of the clients of the driver that all flows have. */
function clientsOf({ id, flows }: ScenarioPlan, drivers: LaneOptions['drivers']): readonly string[] {
  const plugins = [...new Set(flows.map(({ driver }) => drivers.get(driver)!.plugin))]
  const [{ name, clients }] = plugins as [Driver]
  if (plugins.length > 1)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `scenarios.${id}.clients: its flows have several drivers: ${plugins.map((plugin) => plugin.name).join(', ')}`,
      expected: 'flows of one driver, whose clients are compared',
    })
  if (clients === undefined)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `scenarios.${id}.clients: driver "${name}" has no clients to choose from`,
      expected: 'a driver with the option client',
      next: 'cloudbench plugins shows which drivers have clients',
    })
  return Object.keys(clients)
}
