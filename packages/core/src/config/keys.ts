import { z } from '@cloudbench/schema'
import { CloudbenchError } from '../errors.ts'
import { didYouMean, nearest, plain } from '../text/suggest.ts'
import { formatPath, type Path } from './path.ts'
import { authoredConfigSchema } from './schema.ts'
import { asBranch, isRemoved, treeAt, type Branch, type Tree } from './tree.ts'

/** What is allowed below a path. */
type Below =
  /** Fixed names. */
  | { readonly kind: 'keys'; readonly schemas: Readonly<Record<string, z.ZodType>> }
  /** Names that users choose. */
  | { readonly kind: 'names'; readonly value: z.ZodType }
  /** Anything: options of plugins. */
  | { readonly kind: 'free' }
  | { readonly kind: 'value' }

function below(schema: z.ZodType): Below {
  if (schema instanceof z.ZodOptional) return below(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodUnion) {
    // a short form, and what it stands for
    const whole = (schema.options as z.ZodType[]).find((option) => option instanceof z.ZodObject)
    return whole === undefined ? { kind: 'value' } : below(whole)
  }
  if (schema instanceof z.ZodObject) return { kind: 'keys', schemas: schema.shape }
  if (!(schema instanceof z.ZodRecord)) return { kind: 'value' }
  const value = schema.valueType as z.ZodType
  return value instanceof z.ZodUnknown ? { kind: 'free' } : { kind: 'names', value }
}

/** The names that users may write below a path, for suggestions. */
export function keysBelow(path: Path): readonly string[] {
  let schema: z.ZodType = authoredConfigSchema
  for (const key of path) {
    const inside = below(schema)
    if (inside.kind === 'keys' && Object.hasOwn(inside.schemas, key)) schema = inside.schemas[key]!
    else if (inside.kind === 'names') schema = inside.value
    else return []
  }
  const inside = below(schema)
  return inside.kind === 'keys' ? Object.keys(inside.schemas) : []
}

/** The part of a path that leads to a single value, if the path continues beyond it. */
export function valueWithin(path: Path): Path | undefined {
  let schema: z.ZodType = authoredConfigSchema
  for (const [depth, key] of path.entries()) {
    const inside = below(schema)
    if (inside.kind === 'free') return undefined
    if (inside.kind === 'value') return path.slice(0, depth)
    const next = inside.kind === 'keys' ? inside.schemas[key] : inside.value
    if (next === undefined) return undefined
    schema = next
  }
  return undefined
}

/** How names are compared: environment variables have no case and no dashes. */
export interface Matching {
  /** Where the path was written: `--set`, or the name of a variable. */
  readonly origin: string
  readonly loose: boolean
}

/**
 * Finds the setting that a typed path means, against what exists and what the schema allows.
 * Unknown names are errors with a suggestion; new names are allowed where users choose them.
 */
export function resolvePath(typed: Path, existing: Branch, { origin, loose }: Matching): Path {
  const path: string[] = []
  let schema: z.ZodType = authoredConfigSchema
  for (const [depth, key] of typed.entries()) {
    const inside = below(schema)
    const known = knownNames(existing, path)
    // an index into a list, or a mistake
    if (inside.kind === 'value') return [...path, ...typed.slice(depth)]
    if (inside.kind === 'free')
      return [...path, ...freePath(typed.slice(depth), treeAt(existing, path), loose)]
    if (inside.kind === 'names') {
      if (below(inside.value).kind === 'value') {
        // metric names contain dots
        const rest = typed.slice(depth).join('.')
        return [...path, match(rest, known, loose) ?? (loose ? rest.toLowerCase() : rest)]
      }
      // names with dots can be typed without quotes
      const taken = longestName(typed.slice(depth), known, loose)
      if (taken.length > 1)
        return resolvePath([...path, taken.name, ...typed.slice(depth + taken.length)], existing, {
          origin,
          loose,
        })
      path.push(taken.name)
      schema = inside.value
      continue
    }
    const found = match(key, Object.keys(inside.schemas), loose)
    if (found === undefined) throw unknownKey([...path, key], Object.keys(inside.schemas), origin)
    path.push(found)
    schema = inside.schemas[found]!
  }
  return path
}

function longestName(rest: Path, known: readonly string[], loose: boolean): { name: string; length: number } {
  for (let length = rest.length; length > 0; length--) {
    const name = match(rest.slice(0, length).join('.'), known, loose)
    if (name !== undefined) return { name, length }
  }
  return { name: loose ? rest[0]!.toLowerCase().replaceAll('_', '-') : rest[0]!, length: 1 }
}

/** Keys of options, which only their plugin knows, by those that are there. */
export function freePath(typed: Path, existing: Tree | undefined, loose: boolean): Path {
  const path: string[] = []
  for (const key of typed) {
    const known = existing === undefined ? [] : knownNames(asBranch(existing), path)
    path.push(match(key, known, loose) ?? (loose ? camelCase(key) : key))
  }
  return path
}

/** The name that a key means. */
export function match(key: string, names: readonly string[], loose: boolean): string | undefined {
  if (names.includes(key)) return key
  return loose ? names.find((name) => plain(name) === plain(key)) : undefined
}

function knownNames(existing: Branch, path: Path): string[] {
  const children = [...asBranch(treeAt(existing, path)).children]
  return children.filter(([, child]) => !isRemoved(child)).map(([name]) => name)
}

function camelCase(key: string): string {
  return key.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Rejects a path that continues beyond a value, and suggests another. */
export function beyondValue(path: Path, value: Path, origin: string): CloudbenchError {
  const key = value.at(-1)!
  const meant = nearest(
    key,
    keysBelow(value.slice(0, -1)).filter((name) => name !== key),
  )
  return new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${formatPath(path)} is not a setting: ${formatPath(value)} has nothing below it (${origin})`,
    next: meant === undefined ? `set ${formatPath(value)} as a whole` : `did you mean ${meant}?`,
  })
}

/** Rejects a name that does not exist, and lists those that do. */
export function unknownKey(path: Path, known: readonly string[], origin: string): CloudbenchError {
  const key = path.at(-1)!
  const owner = path.slice(0, -1)
  const forEvery = owner.length === 0 && keysBelow(['defaults']).includes(key)
  return new CloudbenchError({
    code: 'CB_CONFIG',
    what: `${formatPath(path)} is not a setting (${origin})`,
    next: forEvery
      ? `write defaults.${key} for every scenario, or scenarios.<name>.${key} for one`
      : didYouMean(key, known),
  })
}
