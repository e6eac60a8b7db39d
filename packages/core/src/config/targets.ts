import { CloudbenchError } from '../errors.ts'
import type { Json } from '../plugin/common.ts'
import { didYouMean } from '../text/suggest.ts'
import type { Path } from './path.ts'
import type { FlowPlan, TargetPlan } from './plan.ts'
import type { Reader } from './reader.ts'
import type { ResolvedConfig } from './resolved.ts'
import type { FlowTree, TargetTree } from './schema.ts'
import { redactValue } from './secret-text.ts'
import {
  asBranch,
  branch,
  emptyTree,
  fromValue,
  layerNames,
  mergeAll,
  toValue,
  type Branch,
  type LayerName,
  type Origin,
  type Tree,
} from './tree.ts'

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
    options: mergeOptions(found.options, withOrigins(config, flow.options, [...path, 'options'])),
  }
}

interface FoundTarget {
  readonly target: TargetPlan
  readonly driver: string | undefined
  readonly options: Branch
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
    if (driver !== undefined) return { target: { name: driver, url: undefined }, driver, options: emptyTree }
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
    const path = ['targets', text]
    const { driver: own, url, zone, options } = config.resolve<TargetTree>(targets[text]!, path)
    return {
      target: { name: text, url, zone },
      driver: own,
      options: withOrigins(config, options, [...path, 'options']),
    }
  }
  // names of targets have no colon, and addresses do
  const isAddress = text.includes(':') || text === 'auto' || text === 'loopback' || written.target !== text
  if (isAddress && driver !== undefined) {
    const name = text === 'auto' || text === 'loopback' ? driver : redactValue(written.target ?? text)
    return { target: { name, url: text }, driver, options: emptyTree }
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

function withOrigins(
  config: ResolvedConfig,
  options: Readonly<Record<string, unknown>> | undefined,
  path: Path,
): Branch {
  const originOf = (at: Path): Origin => {
    const full = [...path, ...at]
    return { text: config.originOf(full), layer: config.layerOf(full) }
  }
  return asBranch(fromValue(options ?? {}, originOf))
}

/**
 * Objects merge, everything else is replaced: the same rule as between layers. What comes from a higher layer wins,
 * and within a layer, what the flow says over what its target says.
 */
function mergeOptions(target: Branch, flow: Branch): { readonly [key: string]: Json } {
  const merged = mergeAll(layerNames.flatMap((layer) => [partOf(target, layer), partOf(flow, layer)]))
  return toValue(merged) as { readonly [key: string]: Json }
}

/** What comes from one layer. */
function partOf(tree: Branch, layer: LayerName): Branch {
  const children = new Map<string, Tree>()
  for (const [key, child] of tree.children) {
    const isWhole = child.kind === 'leaf' || child.children.size === 0
    if (isWhole && child.origin.layer === layer) children.set(key, child)
    if (isWhole) continue
    const part = partOf(child, layer)
    if (part.children.size > 0) children.set(key, part)
  }
  return branch(children, tree.origin)
}
