import { isDeepStrictEqual } from 'node:util'
import { isOpaque } from './files.ts'
import type { Path } from './path.ts'
import { expand } from './shorthand.ts'
import {
  asBranch,
  branch,
  emptyTree,
  fromValue,
  isPlainObject,
  leaf,
  merge,
  toValue,
  type Branch,
  type Origin,
  type Tree,
} from './tree.ts'

const origin: Origin = { text: 'config hook', layer: 'hook' }

/** Hands out a copy of the tree to change in place, and merges the changes over the tree. */
export async function withDraft(
  tree: Branch,
  change: (draft: Record<string, unknown>) => void | Promise<void>,
): Promise<Branch> {
  const draft = copyOf(toValue(tree), []) as Record<string, unknown>
  await change(draft)
  const after = expand(asBranch(fromValue(draft, () => origin, isOpaque)), emptyTree)
  const changes = difference(tree, after)
  return changes === undefined ? tree : asBranch(merge(tree, changes))
}

/** The layer that turns one tree into another. */
function difference(before: Tree | undefined, after: Tree): Tree | undefined {
  if (after.kind === 'leaf')
    return before?.kind === 'leaf' && isDeepStrictEqual(before.value, after.value) ? undefined : after
  if (before?.kind !== 'branch') return after
  const changes = new Map<string, Tree>()
  for (const [key, child] of after.children) {
    const change = difference(before.children.get(key), child)
    if (change !== undefined) changes.set(key, change)
  }
  for (const key of before.children.keys()) if (!after.children.has(key)) changes.set(key, leaf(null, origin))
  return changes.size === 0 ? undefined : branch(changes, origin)
}

/** A deep copy, except for the objects that users wrote in the config file. */
function copyOf(value: unknown, path: Path): unknown {
  if (Array.isArray(value))
    return isOpaque(path) ? [...value] : value.map((item) => copyOf(item, [...path, '']))
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, copyOf(child, [...path, key])]))
}
