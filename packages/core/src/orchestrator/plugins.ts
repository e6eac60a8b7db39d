import type { LoadedEnvironment } from '../agent/environment-host.ts'
import type { FlowPlan, PluginRef, RunPlan, ScenarioPlan } from '../config/plan.ts'
import { CloudbenchError } from '../errors.ts'
import { adaptReporter } from '../hooks/adapt.ts'
import { within } from '../hooks/deadline.ts'
import type { Plugin } from '../hooks/lifecycle.ts'
import { clientOf } from '../loading/client.ts'
import { importPlugin, type PluginTypes } from '../loading/import.ts'
import { assertJson } from '../loading/json.ts'
import { parseOptions } from '../loading/options.ts'
import { packageOf, resolvePlugin, type PluginSources } from '../loading/resolve.ts'
import { workloadOf } from '../loading/workload.ts'
import type { Logger } from '../plugin/common.ts'
import type { PluginKind } from '../plugin/define.ts'
import type { Driver } from '../plugin/driver.ts'
import type { FlowClient, PluginInfo } from '../plugin/model.ts'
import type { Output, ReporterContext, ReporterPlugin, Terminal, TerminalStream } from '../plugin/reporter.ts'
import { formatDuration } from '../text/format.ts'
import { claimOf, withScreen, type Claimant } from './claims.ts'
import { lanesOf } from './lanes.ts'
import { Owners } from './owners.ts'

/** Importing a plugin, or creating a reporter; beyond this it is a hang. */
const loadLimitMs = 30_000

export interface LoadedDriver {
  readonly url: string
  readonly plugin: Driver
}

export interface LoadedPlugins {
  /** As they run: one for each client that is compared. */
  readonly scenarios: readonly ScenarioPlan[]
  /** By the name that the user gave. */
  readonly drivers: ReadonlyMap<string, LoadedDriver>
  /** What speaks to the target of a flow, where its driver leaves a choice. */
  readonly clients: ReadonlyMap<FlowPlan, FlowClient>
  readonly environments: readonly LoadedEnvironment[]
  readonly reporters: readonly Plugin[]
  /** What people read, if a reporter writes for them. */
  readonly screen: TerminalStream | undefined
  /** A reporter writes to standard output for a program. */
  readonly isRead: boolean
  readonly infos: readonly PluginInfo[]
}

/** The parts of a plan that name plugins. */
export type PluginPlan = Pick<RunPlan, 'scenarios' | 'environment' | 'reporters' | 'resolveFrom'>

export interface LoadOptions extends Omit<PluginSources, 'from'> {
  readonly terminal: Terminal
  readonly output: Output
  readonly log: (source: string) => Logger
  readonly redact: (text: string) => string
  readonly interrupt?: AbortSignal | undefined
  /** Called with the module of a driver before it is imported here. */
  readonly onDriver?: ((url: string) => void) | undefined
}

/** Finds, imports and checks every plugin of a plan, before anything else happens. */
export async function loadPlugins(plan: PluginPlan, options: LoadOptions): Promise<LoadedPlugins> {
  const infos: PluginInfo[] = []
  const load = async <Kind extends PluginKind>(
    kind: Kind,
    specifier: string,
  ): Promise<{ readonly url: string; readonly plugin: PluginTypes[Kind] }> => {
    const url = resolvePlugin(specifier, kind, { ...options, from: plan.resolveFrom })
    if (kind === 'driver') options.onDriver?.(url)
    const plugin = await inTime(`import of ${kind} ${specifier}`, options, () => importPlugin(url, kind))
    const { version } = packageOf(url)
    infos.push({ kind, name: plugin.name, ...(version && { version }) })
    return { url, plugin }
  }

  const loaded = await loadDrivers(plan, (driver) => load('driver', driver), options.log)

  const environments: LoadedEnvironment[] = []
  for (const ref of plan.environment) {
    const { url, plugin } = await load('environment', ref.specifier)
    assertJson(ref.options, `environment.${ref.specifier}`)
    const parsed = await parseOptions(plugin.name, plugin.options, ref.options)
    environments.push({ module: { url, name: plugin.name, options: ref.options }, plugin, options: parsed })
  }

  const reporters: ParsedReporter[] = []
  const inline: Plugin[] = []
  const claimants: Claimant[] = []
  for (const ref of plan.reporters) {
    if (!isRef(ref)) {
      const name = ref.name ?? `inline reporter ${inline.length + 1}`
      inline.push(adaptReporter(name, ref))
      infos.push({ kind: 'reporter', name })
      claimants.push(claimOf({ ...ref, name }, {}))
      continue
    }
    const { plugin } = await load('reporter', ref.specifier)
    const parsed = await parseOptions(plugin.name, plugin.options, ref.options)
    reporters.push({ plugin, options: parsed })
    claimants.push(claimOf(plugin, parsed))
  }
  const terminal = withScreen(options.terminal, claimants)
  const screen = claimants.some(({ claim }) => claim === 'screen') ? terminal.screen : undefined
  const isRead = claimants.some(({ claim }) => claim === 'stdout')
  const created: Plugin[] = []
  const owners = new Owners(options.output)
  const outputs: Output[] = []
  // first for all of them: what is refused has created nothing
  for (const { plugin, options: parsed } of reporters)
    outputs.push(await owners.outputOf(plugin.name, (parsed as { file?: unknown } | undefined)?.file))
  for (const [at, reporter] of reporters.entries())
    created.push(await createReporter(reporter, outputs[at]!, terminal, options))
  return {
    ...loaded,
    environments,
    reporters: [...created, ...inline],
    screen,
    isRead,
    infos,
  }
}

/** Imports the drivers, and checks the options of every flow of the scenarios as they run. */
async function loadDrivers(
  plan: PluginPlan,
  load: (driver: string) => Promise<LoadedDriver>,
  log: LoadOptions['log'],
): Promise<Pick<LoadedPlugins, 'scenarios' | 'drivers' | 'clients'>> {
  const scenarios: ScenarioPlan[] = []
  const drivers = new Map<string, LoadedDriver>()
  const clients = new Map<FlowPlan, FlowClient>()
  const check = async ({ id, flows }: ScenarioPlan): Promise<void> => {
    for (const flow of flows) {
      const { plugin, url } = drivers.get(flow.driver)!
      const workload = workloadOf(plugin, flow.workload)
      assertJson(flow.options, `scenarios.${id}.flows.${flow.name}.options`)
      const parsed = await parseOptions(`${plugin.name} ${workload.name}`, workload.options, flow.options)
      const client = clientOf(plugin, parsed, { driver: url, from: plan.resolveFrom })
      if (client !== undefined) clients.set(flow, client)
    }
  }
  for (const scenario of plan.scenarios) {
    for (const { driver } of scenario.flows) if (!drivers.has(driver)) drivers.set(driver, await load(driver))
    scenarios.push(...(await lanesOf(scenario, { drivers, check, warn: log(scenario.id).warn })))
  }
  return { scenarios, drivers, clients }
}

interface ParsedReporter {
  readonly plugin: ReporterPlugin
  readonly options: unknown
}

async function createReporter(
  { plugin, options: parsed }: ParsedReporter,
  output: Output,
  terminal: ReporterContext['terminal'],
  options: LoadOptions,
): Promise<Plugin> {
  const { redact } = options
  const context: ReporterContext = {
    options: parsed,
    log: options.log(plugin.name),
    output,
    terminal,
    redact,
  }
  const create = (): ReturnType<ReporterPlugin['create']> => plugin.create(context)
  return adaptReporter(plugin.name, await inTime(`create of reporter ${plugin.name}`, options, create))
}

/** Runs a plugin's own code before there is a host for it. */
function inTime<T>(what: string, { interrupt }: LoadOptions, work: () => T | Promise<T>): Promise<T> {
  const late = (limitMs: number): CloudbenchError =>
    new CloudbenchError({
      code: 'CB_HOOK_TIMEOUT',
      what: `${what} did not end within ${formatDuration(limitMs)}`,
      next: 'remove the plugin, or report this to its authors',
    })
  return within(loadLimitMs, work, late, interrupt)
}

function isRef(reporter: RunPlan['reporters'][number]): reporter is PluginRef {
  return 'specifier' in reporter
}
