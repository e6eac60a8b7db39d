import { CloudbenchError } from '../errors.ts'
import { formatPath, type Path } from './path.ts'
import { flowKeys, scenarioKeys } from './schema.ts'
import {
  asBranch,
  branch,
  fromValue,
  isRemoved,
  leaf,
  merge,
  treeAt,
  type Branch,
  type Origin,
  type Tree,
} from './tree.ts'

/** Settings that may be written as one value, and the key of the value. */
const shortForms = { trace: 'ratio', log: 'sample', verdict: 'require' } as const

/**
 * Writes out every short form of one layer, so that the same setting has the same path in all of them:
 * the only scenario at the top, the only flow on a scenario, a driver with its options, phases in milliseconds, a ratio.
 *
 * `below` has the lower layers: `scenarios.read.rate` means the one flow that `read` has there.
 */
export function expand(layer: Branch, below: Branch): Branch {
  let tree = expandTop(layer, below)
  tree = mapChild(tree, 'defaults', expandValues)
  tree = mapChild(tree, 'targets', (targets) => mapChildren(targets, (target) => expandDriver(target)))
  tree = mapChild(tree, 'scenarios', (scenarios) =>
    mapChildren(scenarios, (scenario, id) => expandScenario(scenario, id, treeAt(below, ['scenarios', id]))),
  )
  return tree
}

function expandTop(layer: Branch, below: Branch): Branch {
  const moved = [...layer.children].filter(([key]) => scenarioKeys.includes(key))
  if (moved.length === 0) return layer
  const describesOne = ['target', 'driver', 'flows'].some((key) => layer.children.has(key))
  const name = treeAt(layer, ['name']) ?? treeAt(below, ['name'])
  const id =
    name?.kind === 'leaf' && typeof name.value === 'string' && name.value !== '' ? name.value : 'main'
  const known = treeAt(below, ['scenarios', id]) !== undefined
  // left in place they are unknown keys, and the error says where to put them
  if (!describesOne && !known) return layer
  const rest = new Map([...layer.children].filter(([key]) => !scenarioKeys.includes(key)))
  const scenario = branch(new Map(moved), moved[0]![1].origin)
  const scenarios = branch(new Map([[id, scenario]]), scenario.origin)
  const written = rest.get('scenarios')
  rest.set('scenarios', written === undefined ? scenarios : merge(written, scenarios))
  return branch(rest, layer.origin, layer.resets)
}

function expandScenario(scenario: Branch, id: string, below: Tree | undefined): Branch {
  const tree = mapChild(scenario, 'flows', (flows) => mapChildren(flows, (flow) => expandDriver(flow)))
  const phased = expandPhases(expandValues(tree))
  const moved = [...phased.children].filter(([key]) => flowKeys.includes(key))
  if (moved.length === 0) return phased
  const written = phased.children.get('flows')
  const name = onlyFlow(['scenarios', id], moved[0]![0], moved[0]![1], [
    ...namesIn(written),
    ...namesIn(phased.resets ? undefined : asBranch(below).children.get('flows')),
  ])
  const rest = new Map([...phased.children].filter(([key]) => !flowKeys.includes(key)))
  const flow = expandDriver(branch(new Map(moved), moved[0]![1].origin))
  const flows = branch(new Map([[name, flow]]), flow.origin)
  rest.set('flows', written === undefined ? flows : merge(written, flows))
  return branch(rest, phased.origin, phased.resets)
}

/** `trace: 1/100` is `trace: { ratio: 1/100 }`, and a threshold that is `off` is so at both of its ends. */
function expandValues(owner: Branch): Branch {
  const children = new Map(owner.children)
  for (const [key, inner] of Object.entries(shortForms)) {
    const written = children.get(key)
    // null removes the whole
    if (written?.kind === 'leaf' && written.value !== null)
      children.set(key, branch(new Map([[inner, written]]), written.origin))
  }
  const tree = branch(children, owner.origin, owner.resets)
  return mapChild(tree, 'verdict', (verdict) =>
    mapChild(verdict, 'thresholds', (thresholds) =>
      branch(
        new Map([...thresholds.children].map(([name, child]) => [name, expandThreshold(child)])),
        thresholds.origin,
        thresholds.resets,
      ),
    ),
  )
}

function expandThreshold(written: Tree): Tree {
  if (written.kind !== 'leaf' || written.value !== 'off') return written
  const off = leaf('off', written.origin)
  return branch(
    new Map([
      ['suspect', off],
      ['invalid', off],
    ]),
    written.origin,
  )
}

/** The path of a setting without short forms: `scenarios.read.rate` is the rate of the only flow. */
export function canonicalPath(path: Path, tree: Branch, origin: Origin): Path {
  const [section, id, key, ...rest] = path
  if (section !== 'scenarios' || id === undefined || key === undefined || !flowKeys.includes(key)) return path
  const names = namesIn(treeAt(tree, ['scenarios', id, 'flows']))
  return [
    'scenarios',
    id,
    'flows',
    onlyFlow(['scenarios', id], key, leaf(undefined, origin), names),
    key,
    ...rest,
  ]
}

function onlyFlow(path: Path, key: string, { origin }: Tree, names: readonly string[]): string {
  const distinct = [...new Set(names)]
  if (distinct.length <= 1) return distinct[0] ?? 'main'
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${formatPath([...path, key])} is ambiguous, the scenario has several flows: ${distinct.join(', ')} (${origin.text})`,
    expected: 'the name of one of them',
    next: `write ${formatPath([...path, 'flows', distinct[0]!, key])}`,
  })
}

function namesIn(flows: Tree | undefined): string[] {
  return [...asBranch(flows).children].filter(([, flow]) => !isRemoved(flow)).map(([name]) => name)
}

/** `driver: ['http', { … }]` is `driver: 'http'` with options. */
function expandDriver(owner: Branch): Branch {
  const driver = owner.children.get('driver')
  if (driver?.kind !== 'leaf' || !Array.isArray(driver.value)) return owner
  const [name, options] = driver.value as unknown[]
  const isPair =
    driver.value.length === 2 && typeof options === 'object' && options !== null && !Array.isArray(options)
  if (typeof name !== 'string' || (driver.value.length !== 1 && !isPair)) return owner
  const children = new Map(owner.children).set('driver', leaf(name, driver.origin))
  if (isPair) {
    const beside = fromValue(options, () => driver.origin)
    const written = owner.children.get('options')
    children.set('options', written === undefined ? beside : merge(beside, written))
  }
  return branch(children, owner.origin, owner.resets)
}

/** `durationMs: 5000` in a phase is `duration: 5000ms`. */
function expandPhases(scenario: Branch): Branch {
  const phases = scenario.children.get('phases')
  if (phases?.kind !== 'leaf' || !Array.isArray(phases.value)) return scenario
  const written = phases.value.map((phase: unknown) => {
    if (typeof phase !== 'object' || phase === null) return phase
    const { durationMs, ...rest } = phase as Record<string, unknown>
    return typeof durationMs === 'number' && rest['duration'] === undefined
      ? { ...rest, duration: `${durationMs}ms` }
      : phase
  })
  return branch(
    new Map(scenario.children).set('phases', leaf(written, phases.origin)),
    scenario.origin,
    scenario.resets,
  )
}

function mapChild(tree: Branch, key: string, change: (child: Branch) => Tree): Branch {
  const child = tree.children.get(key)
  if (child?.kind !== 'branch') return tree
  return branch(new Map(tree.children).set(key, change(child)), tree.origin, tree.resets)
}

function mapChildren(tree: Branch, change: (child: Branch, key: string) => Tree): Branch {
  const children = new Map(
    [...tree.children].map(([key, child]) => [key, child.kind === 'branch' ? change(child, key) : child]),
  )
  return branch(children, tree.origin, tree.resets)
}
