import { parseCheck, type Check } from '../checks/checks.ts'
import type { KnownFlow } from '../checks/scope.ts'
import { CloudbenchError } from '../errors.ts'
import type { Source } from '../plugin/model.ts'
import { defaultValues } from './default-values.ts'
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
}

export interface CheckSources {
  readonly scenario: ScenarioTree
  readonly defaults: Defaults
  readonly phases: readonly PhasePlan[]
  readonly config: ResolvedConfig
  /** Of the scenario. */
  readonly read: Reader
}

/**
 * The checks of the defaults, of the scenario, and of its flows, prefixed by the name of the flow. A built-in check gives
 * way to whatever was written about errors. Throws `CB_CHECK`.
 */
export function checksOf({ scenario, defaults, phases, config, read }: CheckSources): Check[] {
  const known = Object.keys(scenario.flows ?? {}).map((name): KnownFlow => {
    const loads = phases.filter(({ kind }) => kind === 'measure').map((phase) => phase.loads[name])
    return { name, open: loads.some((load) => load?.model === 'open') }
  })
  const inDefaults = readerOf(config, ['defaults'])
  const shared = Object.entries(defaults.checks ?? {}).map(([name, expression]) => ({
    name,
    expression,
    place: inDefaults.at(['checks', name]),
    source: inDefaults.source(['checks', name]),
  }))
  const own = [...scenarioChecks(scenario, read), ...flowChecks(scenario, read)]
  const written = byName([...builtInChecks([...shared, ...own]), ...shared, ...own])
  return written
    .filter(({ expression }) => expression.trim() !== off)
    .map(({ name, expression, place, source }) => {
      try {
        return { ...parseCheck(name, expression, known), ...(source && { source }) }
      } catch (error) {
        throw placed(error, place)
      }
    })
}

function scenarioChecks({ checks = {} }: ScenarioTree, read: Reader): WrittenCheck[] {
  return Object.entries(checks).map(([name, expression]) => ({
    name,
    expression,
    place: read.at(['checks', name]),
    source: read.source(['checks', name]),
  }))
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
function builtInChecks(written: readonly WrittenCheck[]): WrittenCheck[] {
  if (written.some(({ name }) => /(^|\/)errors\.(rate|count)$/.test(name))) return []
  return Object.entries(defaultValues.checks).map(([name, expression]) => ({
    name,
    expression,
    place: `checks.${name} (built-in)`,
  }))
}

/** The last of a name wins, except that a flow may not repeat what its scenario says. */
function byName(checks: readonly (WrittenCheck & { readonly isOfFlow?: boolean })[]): WrittenCheck[] {
  const written = new Map<string, WrittenCheck>()
  for (const { isOfFlow, ...check } of checks) {
    const other = written.get(check.name)
    if (isOfFlow && other !== undefined)
      throw new CloudbenchError({
        code: 'CB_CHECK',
        what: `${check.place}: ${check.name} is checked twice, here and as ${other.place}`,
        next: 'remove one of them',
      })
    written.set(check.name, check)
  }
  return [...written.values()]
}
