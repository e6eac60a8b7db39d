import type { Schema } from '@cloudbench/core'
import { fault } from '../fault.ts'

/** The part of a JSON Schema that lists options. */
interface JsonSchema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
}

/** A schema from a library that follows Standard JSON Schema, such as zod since 4.2. */
interface Convertible {
  readonly jsonSchema?: { input(options: { readonly target: string }): JsonSchema }
}

/** Finds options without a description, nested ones included. Returns a note if it cannot tell. */
export function probeDescriptions(name: string, schema: Schema<any, unknown> | undefined): readonly string[] {
  if (!schema) return []
  const { jsonSchema } = schema['~standard'] as Convertible
  if (!jsonSchema) return [`not tried: the schema of "${name}" cannot be converted to a JSON Schema`]
  const names = undescribed(jsonSchema.input({ target: 'draft-2020-12' }), '')
  if (names.length === 0) return []
  throw fault({
    what: `"${name}" does not describe ${names.length > 1 ? 'its options' : 'its option'} ${names.join(', ')}`,
    expected: 'a description of every option',
    next: 'z.string().describe(…), or the equivalent in your schema library',
  })
}

function undescribed(schema: JsonSchema, prefix: string): string[] {
  const { properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = schema
  const own = Object.entries(properties).flatMap(([name, property]) => [
    ...(/\S/.test(property.description ?? '') ? [] : [prefix + name]),
    ...undescribed(property, `${prefix}${name}.`),
  ])
  const inner = [...anyOf, ...oneOf, ...allOf, ...(items ? [items] : [])]
  return [...own, ...inner.flatMap((part) => undescribed(part, prefix))]
}
