import { parseAlert, type Alert } from '../checks/alert.ts'
import { parseCheck, type Check } from '../checks/checks.ts'
import type { KnownFlow } from '../checks/scope.ts'
import { CloudbenchError } from '../errors.ts'
import type { Source } from '../plugin/model.ts'
import { defaultValues } from './default-values.ts'
import type { Path } from './path.ts'
import type { PhasePlan } from './plan.ts'
import { placed, readerOf, type Reader } from './reader.ts'
import type { ResolvedConfig } from './resolved.ts'
import type { Defaults, ScenarioTree } from './schema.ts'

/** Written in place of a condition, it removes a check of the defaults. */
const off = 'off'

interface WrittenCheck {
  readonly name: string
  readonly expression: string
  /** For messages. */
  readonly place: string
  readonly source?: Source | undefined
  readonly isOfPreset?: boolean
}

export interface CheckSources {
  readonly scenario: ScenarioTree
  readonly defaults: Defaults
  readonly phases: readonly PhasePlan[]
  readonly config: ResolvedConfig
  /** Of the scenario. */
  readonly path: Path
  readonly read: Reader
}

/**
 * The checks of the defaults, of the scenario, and of its flows, prefixed by the name of the flow. A built-in check gives
 * way to whatever was written about errors. Throws `CB_CHECK`.
 */
export function checksOf(sources: CheckSources): Check[] {
  const { scenario, read } = sources
  const own = [...written(sources, 'checks'), ...flowChecks(scenario, read)]
  const flows = known(sources)
  return parsed(byName([...builtInChecks(own), ...own]), ({ name, expression, isOfPreset, source }) => ({
    ...parseCheck(name, expression, flows),
    ...(isOfPreset && { isOfPreset }),
    ...(source && { source }),
  }))
}

/** What must not happen, of the defaults and of the scenario. Throws `CB_CHECK`. */
export function alertsOf(sources: CheckSources): Alert[] {
  const flows = known(sources)
  return (['alerts', 'abort'] as const).flatMap((kind) =>
    parsed(byName(written(sources, kind)), ({ name, expression, isOfPreset = false, source }) => ({
      ...parseAlert({ kind, isOfPreset }, name, expression, flows),
      ...(source && { source }),
    })),
  )
}

function parsed<T>(checks: readonly WrittenCheck[], parse: (check: WrittenCheck) => T): T[] {
  return checks
    .filter(({ expression }) => expression.trim() !== off)
    .map((check) => {
      try {
        return parse(check)
      } catch (error) {
        throw placed(error, check.place)
      }
    })
}

function known({ scenario, phases }: CheckSources): KnownFlow[] {
  return Object.keys(scenario.flows ?? {}).map((name) => {
    const loads = phases.filter(({ kind }) => kind === 'measure').map((phase) => phase.loads[name])
    return { name, open: loads.some((load) => load?.model === 'open') }
  })
}

/** Of the defaults, and then of the scenario. */
function written(
  { scenario, defaults, config, path, read }: CheckSources,
  section: 'checks' | 'alerts' | 'abort',
): WrittenCheck[] {
  const inDefaults = readerOf(config, ['defaults'])
  const of = (conditions: Readonly<Record<string, string>> = {}, { at, source }: Reader, owner: Path) =>
    Object.entries(conditions)
      .filter(([name]) => name !== 'preset')
      .map(([name, expression]) => ({
        name,
        expression,
        place: at([section, name]),
        source: source([section, name]),
        isOfPreset: config.layerOf([...owner, section, name]) === 'preset',
      }))
  return [...of(defaults[section], inDefaults, ['defaults']), ...of(scenario[section], read, path)]
}

function flowChecks({ flows = {} }: ScenarioTree, read: Reader): WrittenCheck[] {
  return Object.entries(flows).flatMap(([flow, { checks = {} }]) =>
    Object.entries(checks).map(([name, expression]) => ({
      name: `${flow}/${name}`,
      expression,
      place: read.at(['flows', flow, 'checks', name]),
      source: read.source(['flows', flow, 'checks', name]),
      isOfFlow: true,
    })),
  )
}

/** Every scenario has them, unless it says something about errors itself. */
function builtInChecks(own: readonly WrittenCheck[]): WrittenCheck[] {
  if (own.some(({ name }) => /(^|\/)errors\.(rate|count)$/.test(name))) return []
  return Object.entries(defaultValues.checks).map(([name, expression]) => ({
    name,
    expression,
    place: `checks.${name} (built-in)`,
  }))
}

/** The last of a name wins, except that a flow may not repeat what its scenario says. */
function byName(checks: readonly (WrittenCheck & { readonly isOfFlow?: boolean })[]): WrittenCheck[] {
  const last = new Map<string, WrittenCheck>()
  for (const { isOfFlow, ...check } of checks) {
    const other = last.get(check.name)
    if (isOfFlow && other !== undefined)
      throw new CloudbenchError({
        code: 'CB_CHECK',
        what: `${check.place}: ${check.name} is checked twice, here and as ${other.place}`,
        next: 'remove one of them',
      })
    last.set(check.name, check)
  }
  return [...last.values()]
}
