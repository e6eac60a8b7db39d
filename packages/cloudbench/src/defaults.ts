import type { Config } from '@cloudbench/core'
import { clash, driversOf, type RegisteredDriver, type Registry } from './registry/registry.ts'
import { fileOnly } from './reporters.ts'

/** A default scenario whose driver is not installed. */
export interface LeftOut {
  readonly scenario: string
  readonly package: string
}

/** What applies without any configuration. */
export interface Defaults {
  readonly builtIn: Config
  /** Scenarios that run only where they are named. */
  readonly onlyNamed: readonly string[]
  readonly leftOut: readonly LeftOut[]
}

/** They look at the machine, and change nothing that they were not asked to, so that a verdict knows what there is to know. */
const watching = ['memory', 'numa', 'burst', 'network']

/** Of any driver: `--set targets.lanes.driver=kafka` chooses another one. */
const lanes = {
  target: { driver: 'redis' },
  scenario: {
    description: 'What each client of a driver costs: the same load by one after another, on one server',
    target: 'lanes',
    clients: 'all',
  },
} satisfies { readonly target: object; readonly scenario: Scenario }

/**
 * The targets and scenarios that the drivers define, and `lanes`. Scenarios whose drivers are not installed are listed separately;
 * their targets stay, so that the error of a scenario that names one has the command that installs its driver.
 */
export function defaultsOf(registry: Registry, isInstalled: (driver: string) => boolean): Defaults {
  const drivers = driversOf(registry)
  const targets = unique(
    'target',
    drivers.map((driver) => [targetOf(driver), driver, targetConfig(driver)] as const),
  )
  const scenarios = unique(
    'scenario',
    drivers.flatMap((driver) =>
      Object.entries(driver.scenarios ?? {}).map(
        ([id, scenario]) => [id, driver, onTarget(scenario, targetOf(driver))] as const,
      ),
    ),
  )
  // to find out reads files: once for each driver
  const installed = new Set(drivers.filter(({ name }) => isInstalled(name)))
  return {
    builtIn: {
      targets: { ...configOf(targets), lanes: lanes.target },
      scenarios: {
        ...configOf(scenarios.filter(([, driver]) => installed.has(driver))),
        lanes: lanes.scenario,
      },
      environment: watching,
      reporters: ['default', fileOnly],
    },
    onlyNamed: ['lanes'],
    leftOut: scenarios
      .filter(([, driver]) => !installed.has(driver))
      .map(([scenario, driver]) => ({ scenario, package: driver.package })),
  }
}

/** The name of the target that the default scenarios of a driver load. */
export function targetOf({ name, target }: RegisteredDriver): string {
  return target?.name ?? name
}

function targetConfig({ name, target }: RegisteredDriver): NonNullable<Config['targets']>[string] {
  return { driver: name, ...(target?.url !== undefined && { url: target.url }) }
}

type Scenario = NonNullable<Config['scenarios']>[string]

function onTarget(
  { flows, ...scenario }: NonNullable<RegisteredDriver['scenarios']>[string],
  target: string,
): Scenario {
  if (flows === undefined) return { ...scenario, target }
  const loads = Object.entries(flows).map(([name, flow]) => [name, { ...flow, target }])
  return { ...scenario, flows: Object.fromEntries(loads) }
}

type Entry<T> = readonly [name: string, driver: RegisteredDriver, value: T]

/** @throws CloudbenchError where two packages define the same name. */
function unique<T>(what: string, entries: readonly Entry<T>[]): readonly Entry<T>[] {
  const owners = new Map<string, RegisteredDriver>()
  for (const [name, driver] of entries) {
    const other = owners.get(name)
    if (other !== undefined) throw clash(`the ${what} ${name}`, other, driver)
    owners.set(name, driver)
  }
  return entries
}

function configOf<T>(entries: readonly Entry<T>[]): Record<string, T> {
  return Object.fromEntries(entries.map(([name, , value]) => [name, value]))
}

/** Instead of the usual 30 s, for a first `npx cloudbench`. */
export const shortDurations = { duration: '5s', warmup: '2s' } satisfies Config['defaults']
