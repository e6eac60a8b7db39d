import { resolve } from 'node:path'
import { parseCheck, type Check } from '../checks/checks.ts'
import type { KnownFlow } from '../checks/scope.ts'
import { CloudbenchError } from '../errors.ts'
import { parseDuration } from '../text/units.ts'
import { defaultValues } from './default-values.ts'
import { deepFreeze } from './freeze.ts'
import { loadModel } from './load-model.ts'
import { phasesOf } from './phases.ts'
import type { InlineReporter, PhasePlan, PluginRef, RunPlan, ScenarioPlan } from './plan.ts'
import { isWrittenRef, refOf } from './plugin-ref.ts'
import { placed, readerOf, type Reader } from './reader.ts'
import type { ResolvedConfig } from './resolved.ts'
import { parseWhole, type Defaults, type ScenarioTree } from './schema.ts'
import { flowPlan } from './targets.ts'

/**
 * Turns the configuration into what will run: units parsed, defaults filled in, secrets resolved.
 * Throws a `CloudbenchError` that names the setting and where it was written.
 */
export function makePlan(config: ResolvedConfig): RunPlan {
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
    scenarios: config.selected.map((id) => scenarioPlan(config, id)),
    environment: environmentOf(config),
    reporters: (tree.reporters ?? []).map((written, at): PluginRef | InlineReporter =>
      isWrittenRef(written) ? refOf(config.resolve(written, ['reporters', String(at)])) : written,
    ),
    plugins: config.plugins,
    configDigest: config.digest,
    config: config.deciding,
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

function scenarioPlan(config: ResolvedConfig, id: string): ScenarioPlan {
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

  const loads = flows.map(([name, flow]) => loadModel(name, flow, defaults, read))
  const phases = phasesOf(scenario, defaults, loads, read)
  const positive = (key: 'interval' | 'timeout') => {
    const durationMs = read(parseDuration, scenario[key] ?? defaults[key], [key])
    if (durationMs >= 1) return durationMs
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at([key])} is too short`,
      expected: 'at least 1ms',
    })
  }
  return deepFreeze({
    id,
    description: scenario.description ?? '',
    tags: [...new Set(scenario.tags)],
    flows: flows.map(([name]) => flowPlan(config, id, name, read)),
    phases,
    checks: checksOf(scenario, defaults, phases, config, id, read),
    workers: read(parseWhole(1), scenario.workers ?? defaults.workers, ['workers']),
    dispatch: scenario.dispatch ?? defaults.dispatch,
    seed: read(parseWhole(0), scenario.seed ?? defaults.seed, ['seed']),
    intervalMs: positive('interval'),
    drainMs: read(parseDuration, scenario.drain ?? defaults.drain, ['drain']),
    timeoutMs: positive('timeout'),
  })
}

/** The checks of the defaults, of the scenario, and of its flows, prefixed by the name of the flow. */
function checksOf(
  scenario: ScenarioTree,
  defaults: Defaults,
  phases: readonly PhasePlan[],
  config: ResolvedConfig,
  id: string,
  read: Reader,
): Check[] {
  const known = Object.keys(scenario.flows ?? {}).map((name): KnownFlow => {
    const loads = phases.filter(({ kind }) => kind === 'measure').map((phase) => phase.loads[name])
    return { name, open: loads.some((load) => load?.model === 'open') }
  })
  const inDefaults = readerOf(config, ['defaults'])
  const written = new Map<string, readonly [expression: string, place: string]>()
  for (const [name, text] of Object.entries(defaults.checks ?? {}))
    written.set(name, [text, inDefaults.at(['checks', name])])
  for (const [name, text] of Object.entries(scenario.checks ?? {}))
    written.set(name, [text, read.at(['checks', name])])
  for (const [flow, { checks = {} }] of Object.entries(scenario.flows ?? {}))
    for (const [name, text] of Object.entries(checks)) {
      const place = read.at(['flows', flow, 'checks', name])
      const full = `${flow}/${name}`
      const other = written.get(full)
      if (other !== undefined)
        throw new CloudbenchError({
          code: 'CB_CHECK',
          what: `${place}: ${full} is checked twice, here and as ${other[1]}`,
          next: 'remove one of them',
        })

      written.set(full, [text, place])
    }
  return [...written].map(([name, [expression, place]]) => {
    try {
      return parseCheck(name, expression, known)
    } catch (error) {
      throw placed(error, place)
    }
  })
}
