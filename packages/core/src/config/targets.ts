import { CloudbenchError } from '../errors.ts'
import type { Json } from '../plugin/common.ts'
import { didYouMean } from '../text/suggest.ts'
import type { FlowPlan, TargetPlan } from './plan.ts'
import type { Reader } from './reader.ts'
import type { ResolvedConfig } from './resolved.ts'
import type { FlowTree, TargetTree } from './schema.ts'
import { redactValue } from './secret-text.ts'
import { asBranch, fromValue, merge, toValue, type Origin } from './tree.ts'

/** Finds the driver, the target and the options of a flow. `scenario` is its scenario's name. */
export function flowPlan(config: ResolvedConfig, scenario: string, name: string, read: Reader): FlowPlan {
  const path = ['scenarios', scenario, 'flows', name]
  const written = config.tree.scenarios![scenario]!.flows![name]!
  const flow = config.resolve(written, path)
  const found = findTarget(config, name, written, flow, read)
  const driver = flow.driver ?? found.driver
  if (driver === undefined)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(['flows', name, 'target'])}: a driver is needed to load ${found.target.name}`,
      expected: 'driver beside target, such as driver: http',
    })

  return {
    name,
    driver,
    workload: flow.workload,
    target: found.target,
    options: mergeOptions(found.options, flow.options ?? {}),
  }
}

interface FoundTarget {
  readonly target: TargetPlan
  readonly driver: string | undefined
  readonly options: Readonly<Record<string, unknown>>
}

function findTarget(
  config: ResolvedConfig,
  flow: string,
  written: FlowTree,
  resolved: FlowTree,
  read: Reader,
): FoundTarget {
  const targets = config.tree.targets ?? {}
  const { target: text, driver } = resolved
  if (text === undefined) {
    if (driver !== undefined) return { target: { name: driver, url: undefined }, driver, options: {} }
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(['flows', flow])}: the load has no target`,
      expected: 'target: the name of a target, or a URL with a driver beside it',
      next:
        Object.keys(targets).length === 0
          ? 'add one to config/targets'
          : didYouMean('', Object.keys(targets)),
    })
  }
  if (Object.hasOwn(targets, text)) {
    const { driver: own, url, options = {} } = config.resolve<TargetTree>(targets[text]!, ['targets', text])
    return { target: { name: text, url }, driver: own, options }
  }
  // names of targets have no colon, and addresses do
  const isAddress = text.includes(':') || text === 'auto' || text === 'loopback' || written.target !== text
  if (isAddress && driver !== undefined) {
    const name = text === 'auto' || text === 'loopback' ? driver : redactValue(written.target ?? text)
    return { target: { name, url: text }, driver, options: {} }
  }
  if (isAddress)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(['flows', flow, 'target'])}: a driver is needed to load an address`,
      expected: 'driver beside target, such as driver: http',
    })

  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${read.at(['flows', flow, 'target'])}: there is no target ${text}`,
    next: didYouMean(text, Object.keys(targets)),
  })
}

function locate(): Origin {
  return { text: 'options' }
}

/** Objects merge, everything else is replaced: the same rule as between layers. */
function mergeOptions(
  lower: Readonly<Record<string, unknown>>,
  upper: Readonly<Record<string, unknown>>,
): { readonly [key: string]: Json } {
  const merged = merge(asBranch(fromValue(lower, locate)), fromValue(upper, locate))
  return toValue(merged) as { readonly [key: string]: Json }
}
