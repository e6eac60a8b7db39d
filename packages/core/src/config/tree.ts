import { CloudbenchError } from '../errors.ts'
import type { Source } from '../plugin/model.ts'
import { formatPath, type Path } from './path.ts'

/**
 * A configuration that remembers where each of its values was written.
 *
 * Arrays are leaves, because they replace and never merge. A leaf of `null` removes what lies below it; it stays
 * in the tree until `toValue`, so that merging is associative: layers may be put together in any grouping.
 */
export type Tree = Leaf | Branch

export interface Leaf {
  readonly kind: 'leaf'
  readonly value: unknown
  readonly origin: Origin
}

export interface Branch {
  readonly kind: 'branch'
  readonly children: ReadonlyMap<string, Tree>
  readonly origin: Origin
  /** It replaced a leaf in a lower layer, and so hides everything below that. */
  readonly resets: boolean
}

/** What settings come from, the lowest first. All files are one layer here. */
export const layerNames = ['built-in', 'derived', 'preset', 'file', 'variable', 'hook', 'flag'] as const
export type LayerName = (typeof layerNames)[number]

/** Where a value was written: `--set`, or `config/baseline/ci.yaml:7:3`. */
export interface Origin {
  readonly text: string
  /** @default 'file' */
  readonly layer?: LayerName
  /** The place, where it is one in a file. */
  readonly source?: Source
  /** The same for something inside an array. */
  within?(path: Path): string
}

/** Says where the value at a path was written. */
export type Locate = (path: Path) => Origin

const deepest = 64

export const builtInOrigin: Origin = { text: 'built-in', layer: 'built-in' }

export const emptyTree: Branch = branch(new Map(), builtInOrigin)

export function leaf(value: unknown, origin: Origin): Leaf {
  return { kind: 'leaf', value, origin }
}

export function branch(children: ReadonlyMap<string, Tree>, origin: Origin, resets = false): Branch {
  return { kind: 'branch', children, origin, resets }
}

/** Reads a value from outside. Rejects what is not JSON, except objects that `isOpaque` lets through. */
export function fromValue(
  value: unknown,
  locate: Locate,
  isOpaque: (path: Path) => boolean = () => false,
  path: Path = [],
): Tree {
  const origin = locate(path)
  if (path.length > deepest) throw notJson(path, origin, `is nested deeper than ${deepest} levels`)
  if (Array.isArray(value)) return leaf(isOpaque(path) ? [...value] : copied(value, path, origin), origin)
  if (isOpaque(path) || !isPlainObject(value)) return leaf(copied(value, path, origin), origin)
  const children = new Map<string, Tree>()
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__') throw notJson([...path, key], origin, 'is not a valid name for a setting')
    if (child !== undefined) children.set(key, fromValue(child, locate, isOpaque, [...path, key]))
  }
  return branch(children, origin)
}

/** Puts one layer over another: objects merge, everything else is replaced, and `null` removes. */
export function merge(lower: Tree, upper: Tree): Tree {
  return mergeAll([lower, upper])
}

/** Puts layers over each other, the last one on top, in one go: one after the other, each would copy all below it. */
export function mergeAll(layers: readonly Tree[]): Tree {
  // what lies below a value, or below what replaced one, cannot be seen
  const lowest = Math.max(
    0,
    layers.findLastIndex((layer) => layer.kind === 'leaf' || layer.resets),
  )
  const [lower = emptyTree, ...uppers] = layers.slice(lowest) as [Tree?, ...Branch[]]
  if (uppers.length === 0) return lower
  const branches = lower.kind === 'leaf' ? uppers : [lower, ...uppers]
  const byKey = new Map<string, Tree[]>()
  let { origin } = branches[0]!
  for (const { children, origin: own } of branches) {
    if (children.size > 0 || byKey.size === 0) origin = withSource(own, origin.source)
    for (const [key, child] of children) {
      const known = byKey.get(key)
      if (known === undefined) byKey.set(key, [child])
      else known.push(child)
    }
  }
  const children = new Map<string, Tree>()
  for (const [key, trees] of byKey) children.set(key, trees.length === 1 ? trees[0]! : mergeAll(trees))
  return branch(children, origin, lower.kind === 'leaf' || lower.resets)
}

/** A map stays where files wrote it, whatever flags change in it. */
function withSource(origin: Origin, source: Source | undefined): Origin {
  return origin.source === undefined && source !== undefined ? { ...origin, source } : origin
}

export function asBranch(tree: Tree | undefined): Branch {
  return tree?.kind === 'branch' ? tree : emptyTree
}

/** The plain value, without what was removed. */
export function toValue(tree: Tree): unknown {
  if (tree.kind === 'leaf') return tree.value
  const value: Record<string, unknown> = {}
  for (const [key, child] of tree.children) {
    if (key === '__proto__') throw notJson([key], child.origin, 'is not a valid name for a setting')
    if (!isRemoved(child)) value[key] = toValue(child)
  }
  return value
}

/** What is at a path, down to the deepest part that exists. */
export function nearestAt(tree: Tree, path: Path): { readonly tree: Tree; readonly rest: Path } {
  let current = tree
  for (const [depth, key] of path.entries()) {
    const next = current.kind === 'branch' ? current.children.get(key) : undefined
    if (next === undefined || isRemoved(next)) return { tree: current, rest: path.slice(depth) }
    current = next
  }
  return { tree: current, rest: [] }
}

export function treeAt(tree: Tree, path: Path): Tree | undefined {
  const found = nearestAt(tree, path)
  return found.rest.length === 0 ? found.tree : undefined
}

/** The layer of the value at a path, or of the nearest one above it. */
export function layerAt(tree: Tree, path: Path): LayerName {
  return nearestAt(tree, path).tree.origin.layer ?? 'file'
}

/** Where the value at a path, or the nearest one above it, was written. */
export function originAt(tree: Tree, path: Path): string {
  const { tree: found, rest } = nearestAt(tree, path)
  return (
    (found.kind === 'leaf' && rest.length > 0 ? found.origin.within?.(rest) : undefined) ?? found.origin.text
  )
}

/** The place in a file of the value at a path; undefined where the value itself is not written in one. */
export function sourceAt(tree: Tree, path: Path): Source | undefined {
  return treeAt(tree, path)?.origin.source
}

/** Every value with its path, except those inside arrays. */
export function* leavesOf(
  tree: Tree,
  path: Path = [],
): Generator<{ readonly path: Path; readonly leaf: Leaf }> {
  if (tree.kind === 'leaf') {
    if (!isRemoved(tree)) yield { path, leaf: tree }
    return
  }
  for (const [key, child] of tree.children) yield* leavesOf(child, [...path, key])
}

/** A tree with one value in it. */
export function treeOf(path: Path, tree: Tree): Tree {
  return path.reduceRight<Tree>((child, key) => branch(new Map([[key, child]]), child.origin), tree)
}

export function isRemoved(tree: Tree): boolean {
  return tree.kind === 'leaf' && tree.value === null
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function copied(value: unknown, path: Path, origin: Origin, depth = path.length): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (depth > deepest) throw notJson(path, origin, `is nested deeper than ${deepest} levels`)
  if (Array.isArray(value))
    return Array.from(value, (item, at) => copied(item, [...path, String(at)], origin, depth + 1))
  if (!isPlainObject(value)) throw notJson(path, origin, `is ${nameOf(value)}`)
  const copy: Record<string, unknown> = {}
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__') throw notJson([...path, key], origin, 'is not a valid name for a setting')
    if (child !== undefined) copy[key] = copied(child, [...path, key], origin, depth + 1)
  }
  return copy
}

function nameOf(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value)
  if (typeof value === 'object') return `an object of class ${(value as object).constructor?.name ?? '?'}`
  return `a ${typeof value}`
}

function notJson(path: Path, origin: Origin, problem: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_OPTIONS_NOT_JSON',
    what: `${formatPath(path) || 'the configuration'} ${problem} (${origin.text})`,
    expected: 'a JSON value, because it is sent to other processes',
    next: 'instead of a function, give the path of a module',
  })
}
