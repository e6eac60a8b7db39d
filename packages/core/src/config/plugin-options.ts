import { CloudbenchError } from '../errors.ts'
import { nearest } from '../text/suggest.ts'
import { freePath, match } from './keys.ts'
import { formatPath, type Path } from './path.ts'
import { isWrittenRef, refOf, type WrittenRef } from './plugin-ref.ts'
import { fromValue, layerNames, leaf, merge, toValue, treeAt, treeOf, asBranch } from './tree.ts'
import type { Branch, Origin } from './tree.ts'

/** Lists of plugins, in which an option has a path all the same: `reporters.junit.file`. */
const kinds = { reporters: 'reporter', environment: 'environment' } as const

/** Of one option: the list, the plugin as typed, the keys within its options. */
export interface PluginPath {
  readonly list: keyof typeof kinds
  readonly name: string
  readonly keys: Path
}

/** Undefined for every other path, and for the place of an element: `reporters[0]`. */
export function pluginPathOf([typed = '', name, ...keys]: Path): PluginPath | undefined {
  const list = match(typed, Object.keys(kinds), true) as keyof typeof kinds | undefined
  return list === undefined || name === undefined || /^\d+$/.test(name) ? undefined : { list, name, keys }
}

/** Sets one option of a plugin that is chosen, wherever it stands in its list. What a higher layer wrote stays. */
export function withPluginOption(tree: Branch, path: PluginPath, value: unknown, at: Origin): Branch {
  const { list, name, keys } = path
  if (keys.length === 0)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${formatPath([list, name])} has no value of its own (${at.text})`,
      expected: `one of its options, such as ${formatPath([list, name, 'file'])}`,
    })
  const found = treeAt(tree, [list])
  const written = found?.kind === 'leaf' && Array.isArray(found.value) ? (found.value as unknown[]) : []
  const index = indexOf(path, written, at)
  const { specifier, options } = refOf(written[index] as WrittenRef)
  const own = asBranch(fromValue(options, () => at))
  const option = freePath(keys, own, isLoose(at))
  const added = treeOf(
    option,
    fromValue(value, () => at),
  )
  const { origin } = found!
  const layers = rankOf(origin) > rankOf(at) ? [added, own] : [own, added]
  const element = [specifier, toValue(merge(layers[0]!, layers[1]!))]
  // --set is applied twice, before and after the shortcuts
  const addition = `, with ${formatPath(option)} of ${at.text}`
  const text = origin.text.includes(addition) ? origin.text : origin.text + addition
  return asBranch(merge(tree, treeOf([list], leaf(written.with(index, element), { ...origin, text }))))
}

function rankOf({ layer = 'file' }: Origin): number {
  return layerNames.indexOf(layer)
}

/** Variables have no case and no dashes. */
function isLoose({ layer }: Origin): boolean {
  return layer === 'variable'
}

/** Where the plugin that is meant stands in its list. */
function indexOf({ list, name, keys }: PluginPath, written: readonly unknown[], at: Origin): number {
  const indices = written.flatMap((ref, index) => (isMeant(ref, { list, name }, isLoose(at)) ? [index] : []))
  if (indices.length === 1) return indices[0]!
  const names = written.flatMap((ref) => namesOf(ref, list)[0] ?? [])
  const shown = `${formatPath([list, name, ...keys])} (${at.text})`
  if (indices.length > 1)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${shown} is ambiguous: ${name} is chosen ${indices.length} times`,
      next: `write the option where it is chosen: ['${name}', { … }]`,
    })
  const meant = nearest(name, names)
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${shown} is an option of a plugin that is not chosen`,
    expected: names.length > 0 ? `one of ${names.join(', ')}` : `a plugin in ${list}`,
    next:
      meant === undefined ? `choose it: --${kinds[list]} ${name.toLowerCase()}` : `did you mean ${meant}?`,
  })
}

/** Whether a plugin of the list goes by that name. */
export function isMeant(ref: unknown, { list, name }: Omit<PluginPath, 'keys'>, loose: boolean): boolean {
  return match(name, namesOf(ref, list), loose) !== undefined
}

/** `junit` as well as `@cloudbench/reporter-junit`; none for one that is written in code. */
function namesOf(ref: unknown, list: PluginPath['list']): readonly string[] {
  if (!isWrittenRef(ref)) return []
  const { specifier } = refOf(ref)
  return [specifier.replace(new RegExp(`^(@cloudbench/|cloudbench-)${kinds[list]}-`), ''), specifier]
}
