import { resolve } from 'node:path'
import { CloudbenchError } from '../errors.ts'
import { nameProblem } from '../text/name.ts'
import { parseWait } from '../text/units.ts'
import { refuseBeyond } from './bounds.ts'
import { alertsOf, checksOf } from './check-plan.ts'
import { defaultValues } from './default-values.ts'
import { deepFreeze } from './freeze.ts'
import { loadModel } from './load-model.ts'
import { machineBounds, type MachineBounds } from './machine-bounds.ts'
import { phasesOf } from './phases.ts'
import type { InlineReporter, PluginRef, RunPlan, ScenarioPlan } from './plan.ts'
import { isWrittenRef, refOf } from './plugin-ref.ts'
import { readerOf, type Reader } from './reader.ts'
import type { ResolvedConfig } from './resolved.ts'
import { parseSampling, parseWhole, parseWorkers, type Defaults, type ScenarioTree } from './schema.ts'
import { settingsOf } from './settings.ts'
import { flowPlan } from './targets.ts'
import { verdictOf } from './verdict-plan.ts'

/**
 * Turns the configuration into what will run: units parsed, defaults filled in, secrets resolved.
 * Throws a `CloudbenchError` that names the setting and where it was written.
 */
export function makePlan(config: ResolvedConfig, machine: MachineBounds = machineBounds()): RunPlan {
  const { tree, cwd, folder } = config
  if (config.selected.length === 0)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: 'there is no scenario to run',
      next: 'run cloudbench init, or add one to config/scenarios',
    })

  const output = config.resolve(tree.output ?? defaultValues.output, ['output'])
  const isFlag = config.originOf(['output']).startsWith('--')
  return {
    name: config.resolve(tree.name ?? 'cloudbench', ['name']),
    scenarios: config.selected.map((id) => scenarioPlan(config, id, machine)),
    environment: environmentOf(config),
    reporters: (tree.reporters ?? []).map((written, at): PluginRef | InlineReporter =>
      isWrittenRef(written) ? refOf(config.resolve(written, ['reporters', String(at)])) : written,
    ),
    plugins: config.plugins,
    configDigest: config.digest,
    config: config.deciding,
    configuration: settingsOf(config),
    outputFolder: resolve(isFlag ? cwd : folder, output),
    resolveFrom: config.resolveFrom,
    redact: (text) => config.redact(text),
  }
}

/** The environment plugins, secrets resolved. */
export function environmentOf(config: ResolvedConfig): PluginRef[] {
  return (config.tree.environment ?? []).map((written, at) =>
    refOf(config.resolve(written, ['environment', String(at)])),
  )
}

function scenarioPlan(config: ResolvedConfig, id: string, machine: MachineBounds): ScenarioPlan {
  const path = ['scenarios', id]
  const read = readerOf(config, path)
  const scenario: ScenarioTree = config.resolve(config.tree.scenarios![id]!, path)
  const written = config.resolve(config.tree.defaults ?? {}, ['defaults'])
  const defaults = { ...defaultValues.defaults, ...written } as Defaults
  const flows = Object.entries(scenario.flows ?? {})
  if (flows.length === 0)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at([])} has no flow, so the load has no target`,
      expected: 'a target, and the settings of its load',
    })

  for (const [what, text] of namesIn(id, scenario)) refuseName(what, text, read)
  const loads = flows.map(([name, flow]) => loadModel(name, flow, defaults, read))
  const phases = phasesOf(scenario, defaults, loads, read)
  const positive = (key: 'interval' | 'timeout' | 'patience') => {
    const durationMs = read(parseWait, scenario[key] ?? defaults[key], [key])
    if (durationMs >= 1) return durationMs
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at([key])} is too short`,
      expected: 'at least 1ms',
    })
  }
  const planned = flows.map(([name]) => flowPlan(config, id, name, read))
  const source = read.source([])
  const sources = { scenario, defaults, phases, config, path, read }
  const plan: ScenarioPlan = {
    id,
    ...(source && { source }),
    description: scenario.description ?? '',
    tags: [...new Set(scenario.tags)],
    flows: planned,
    phases,
    ...clientsOf(scenario, planned, read),
    checks: checksOf(sources),
    alerts: alertsOf(sources),
    workers: read(parseWorkers, scenario.workers ?? defaults.workers, ['workers']),
    dispatch: scenario.dispatch ?? defaults.dispatch,
    seed: read(parseWhole(0), scenario.seed ?? defaults.seed, ['seed']),
    intervalMs: positive('interval'),
    ...tracingOf(scenario, defaults, read),
    ...loggingOf(scenario, defaults, read),
    ...verdictOf(scenario, defaults, read),
    drainMs: read(parseWait, scenario.drain ?? defaults.drain, ['drain']),
    timeoutMs: positive('timeout'),
    patienceMs: positive('patience'),
  }
  refuseBeyond(plan, scenario, machine, read)
  return deepFreeze(plan)
}

/** A scenario that says nothing of one part has it from the defaults. */
function tracingOf(scenario: ScenarioTree, defaults: Defaults, read: Reader): Pick<ScenarioPlan, 'trace'> {
  const { ratio, propagate = true } = { ...defaults.trace, ...scenario.trace }
  if (ratio !== undefined) {
    const share = read(parseSampling, ratio, ['trace', 'ratio'])
    return share === 'off' ? {} : { trace: { ratio: share, propagate } }
  }
  if (scenario.trace === undefined) return {}
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${read.at(['trace'])} has no ratio`,
    expected: 'how many requests are sampled, such as ratio: 1/100',
  })
}

function loggingOf(scenario: ScenarioTree, defaults: Defaults, read: Reader): Pick<ScenarioPlan, 'log'> {
  const sample = scenario.log?.sample ?? defaults.log?.sample ?? false
  if (typeof sample === 'boolean') return sample ? { log: { sample: 1 } } : {}
  const share = read(parseSampling, sample, ['log', 'sample'])
  return share === 'off' || share === 0 ? {} : { log: { sample: share } }
}

/** Which client a flow uses is said once: by the scenario, or by its options. */
function clientsOf(
  { clients }: ScenarioTree,
  flows: ScenarioPlan['flows'],
  read: Reader,
): Pick<ScenarioPlan, 'clients'> {
  if (clients === undefined) return {}
  const fixed = flows.find(({ options }) => Object.hasOwn(options, 'client'))
  if (fixed === undefined) return { clients: clients === 'all' ? clients : [...new Set(clients)] }
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${read.at(['clients'])}: flow ${fixed.name} already has the option client: ${JSON.stringify(fixed.options['client'])}`,
    next: 'remove that option, or the clients',
  })
}

/** Names that become parts of results and of file names, by what they name. */
function namesIn(id: string, { flows = {}, phases = [] }: ScenarioTree): (readonly [string, string])[] {
  return [
    ['scenario', id],
    ...Object.keys(flows).map((name) => ['flow', name] as const),
    ...phases.map(({ name }) => ['phase', name] as const),
  ]
}

function refuseName(what: string, text: string, read: Reader): void {
  const problem = nameProblem(text)
  if (problem === undefined) return
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${read.at([])}: the name of the ${what} ${JSON.stringify(text)} ${problem}`,
    expected: 'at most 200 characters that can be printed, and no path',
  })
}
