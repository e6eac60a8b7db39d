import type { DescField, JsonValue } from '@bufbuild/protobuf'
import { compileTemplate, type Template } from '@cloudbench/driver-kit'

/** A text that is generated for every request, by its index among all of them. */
export class Leaf {
  readonly at: number
  /** The field whose value, or one of whose values, it is; absent inside a type with a JSON form of its own. */
  readonly field: DescField | undefined

  constructor(at: number, field?: DescField) {
    this.at = at
    this.field = field
  }
}

/** JSON with leaves where texts are generated. */
export type Marked = JsonValue | Leaf | readonly Marked[] | { readonly [key: string]: Marked }

/** JSON with the texts of one request in it. */
export function filled(marked: Marked, values: readonly string[]): JsonValue {
  if (marked instanceof Leaf) return values[marked.at]!
  if (typeof marked !== 'object' || marked === null) return marked
  if (Array.isArray(marked)) return (marked as readonly Marked[]).map((entry) => filled(entry, values))
  return Object.fromEntries(Object.entries(marked).map(([key, entry]) => [key, filled(entry, values)]))
}

/** JSON with the fields of a message. */
export type Fields = { readonly [name: string]: Marked }

/** Takes the generated texts out of JSON and adds them to the leaves. */
export function mark(json: JsonValue, leaves: Template[]): Marked {
  if (typeof json === 'string') {
    const template = compileTemplate(json)
    return template.parts.length === 0 ? template.head : new Leaf(leaves.push(template) - 1)
  }
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) return json.map((entry) => mark(entry, leaves))
  return Object.fromEntries(Object.entries(json).map(([key, entry]) => [key, mark(entry, leaves)]))
}

export function isGenerated(marked: Marked): boolean {
  if (marked instanceof Leaf) return true
  return typeof marked === 'object' && marked !== null && Object.values(marked).some(isGenerated)
}

/** The value at a path of names. */
export function valueIn(fields: Fields, [name, ...rest]: readonly string[]): Marked | undefined {
  const value = Object.hasOwn(fields, name!) ? fields[name!] : undefined
  if (rest.length === 0) return value
  return value !== undefined && isPlainObject(value) ? valueIn(value, rest) : undefined
}

/** The fields, except the value at a path. */
export function without(fields: Fields, [name, ...rest]: readonly string[]): Fields {
  const { [name!]: value, ...others } = fields
  if (rest.length === 0 || value === undefined || !isPlainObject(value)) return others
  return { ...fields, [name!]: without(value, rest) }
}

export function isPlainObject(value: Marked): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Leaf)
}
