import { CloudbenchError } from '../errors.ts'
import { beyondValue, unknownKey, valueWithin } from './keys.ts'
import { formatPath, type Path } from './path.ts'
import { pluginPathOf, withPluginOption } from './plugin-options.ts'
import { canonicalPath, expand } from './shorthand.ts'
import {
  asBranch,
  fromValue,
  isPlainObject,
  isRemoved,
  leaf,
  merge,
  nearestAt,
  treeAt,
  treeOf,
  type Branch,
  type LayerName,
  type Origin,
  type Tree,
} from './tree.ts'

/** One value for one path, from a flag or an environment variable. */
export interface Assignment {
  readonly origin: string
  readonly layer: LayerName
  value(): unknown
  /** Gets the tree so far. */
  path(existing: Branch): Path
}

/** Applies values to a tree, one after another. New scenarios, flows and targets must end up complete. */
export function assignAll(assignments: readonly Assignment[], below: Branch): Branch {
  let tree = below
  const created: { readonly path: Path; readonly origin: string }[] = []
  for (const { origin, layer, value, path: find } of assignments) {
    const at: Origin = { text: origin, layer }
    const typed = find(tree)
    const option = pluginPathOf(typed)
    if (option !== undefined) {
      tree = withPluginOption(tree, option, value(), at)
      continue
    }
    const path = canonicalPath(typed, tree, at)
    const assigned = expand(asBranch(treeFor(path, value(), tree, at)), tree)
    for (const name of newNames(assigned, tree)) created.push({ path: name, origin })
    tree = asBranch(merge(tree, assigned))
  }
  for (const { path, origin } of created) refuseIncomplete(path, tree, below, origin)
  return tree
}

function treeFor(path: Path, value: unknown, below: Branch, at: Origin): Tree {
  const { tree: found, rest } = nearestAt(below, path)
  const { text: origin } = at
  if (found.kind !== 'leaf' || rest.length === 0) {
    const beyond = valueWithin(path)
    if (beyond !== undefined) throw beyondValue(path, beyond, origin)
    const tree = fromValue(value, () => at, undefined, path)
    return treeOf(path, tree)
  }
  // into a list: replaced by a copy with one element changed
  const list = copyOf(found.value)
  const holder = path.slice(0, path.length - rest.length)
  put(list, rest, value, path, origin)
  return treeOf(holder, leaf(list, at))
}

/** Objects with functions, which only code can write, stay what they are. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isPlainObject(value) || Object.values(value).some((child) => typeof child === 'function')) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copyOf(child)]))
}

function put(target: unknown, rest: Path, value: unknown, path: Path, origin: string): void {
  const [key = '', ...deeper] = rest
  const isList = Array.isArray(target) && /^\d+$/.test(key) && Number(key) < target.length
  const isMap = typeof target === 'object' && target !== null && !Array.isArray(target) && key !== '__proto__'
  if (!isList && !isMap)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${formatPath(path)} leads nowhere: ${formatPath(path.slice(0, path.length - rest.length))} has no ${key} (${origin})`,
      next: `set ${formatPath(path.slice(0, path.length - rest.length))} as a whole`,
    })

  const holder = target as Record<string, unknown>
  if (deeper.length > 0) put(holder[key], deeper, value, path, origin)
  else holder[key] = value
}

/** The scenarios, flows and targets that a layer adds to the tree below it. */
function* newNames(layer: Branch, tree: Branch): Generator<Path> {
  for (const section of ['scenarios', 'targets'])
    for (const [name, child] of asBranch(layer.children.get(section)).children) {
      if (isRemoved(child)) continue
      const path = [section, name]
      if (treeAt(tree, path) === undefined) yield path
      else
        for (const [flow, inner] of asBranch(asBranch(child).children.get('flows')).children)
          if (!isRemoved(inner) && treeAt(tree, [...path, 'flows', flow]) === undefined)
            yield [...path, 'flows', flow]
    }
}

function refuseIncomplete(path: Path, tree: Branch, below: Branch, origin: string): void {
  const created = treeAt(tree, path)
  if (created === undefined) return
  const has = (...inner: string[]) => treeAt(created, inner) !== undefined
  const flows = [...asBranch(treeAt(created, ['flows'])).children.keys()]
  const complete =
    has('driver') ||
    has('target') ||
    flows.some((flow) => has('flows', flow, 'driver') || has('flows', flow, 'target'))
  const known = [...asBranch(treeAt(below, path.slice(0, -1))).children.keys()]
  if (!complete) throw unknownKey(path, known, origin)
}
