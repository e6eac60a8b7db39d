import type { Schema } from '@cloudbench/core'
import { fault } from '../fault.ts'

/** The part of a JSON Schema in which options are found. */
interface JsonSchema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
}

/** Has a schema library that follows Standard JSON Schema, such as zod from 4.2 on. */
interface Convertible {
  readonly jsonSchema?: { input(options: { readonly target: string }): JsonSchema }
}

/** Finds options without a description, also within options. Returns why it could not look. */
export function probeDescriptions(name: string, schema: Schema<any, unknown> | undefined): readonly string[] {
  if (!schema) return []
  const { jsonSchema } = schema['~standard'] as Convertible
  if (!jsonSchema) return [`not tried: the schema of "${name}" cannot be turned into a JSON Schema`]
  const names = undescribed(jsonSchema.input({ target: 'draft-2020-12' }), '')
  if (names.length === 0) return []
  throw fault({
    what: `"${name}" does not describe ${names.length > 1 ? 'its options' : 'its option'} ${names.join(', ')}`,
    expected: 'a description of every option',
    next: 'z.string().describe(…), or what your schema library calls it',
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
