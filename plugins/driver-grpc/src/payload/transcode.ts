import type { DescField, DescMessage } from '@bufbuild/protobuf'
import { CloudbenchError } from '@cloudbench/core'
import { createTemplateBuilder, type Template, type TemplateBuilder } from '@cloudbench/driver-kit'
import type { HttpBinding } from '../wire/http-rule.ts'
import type { Method } from '../wire/method.ts'
import { hasOwnJson } from './fields.ts'
import { compileJsonText } from './json-text.ts'
import { isPlainObject, valueIn, without, type Fields, Leaf, type Marked } from './marked.ts'
import { markedOf, samplesOf, type MessageTemplate } from './message.ts'
import {
  encodeSegment,
  encodeSegments,
  parsePathTemplate,
  type PathTemplate,
  type PathVariable,
} from './path-template.ts'

/** A message in the HTTP form of its method. */
export interface Transcoded {
  readonly verb: string
  /** Path and query, percent-encoded. */
  readonly path: Template<readonly string[]>
  /** JSON; undefined for requests without a body. */
  readonly body: Template<readonly string[]> | undefined
  /** The field of the answer that is the response body; undefined for the whole answer. */
  readonly responseBody: DescField | undefined
}

/** Why a message does not fit a binding. */
class Misfit extends Error {}

/**
 * Writes a message in the first HTTP form of its method that it fits, by the rules of `google/api/http.proto`: path
 * variables first, then the body, and everything left over as query parameters.
 * @throws CloudbenchError when the method has no HTTP form, or the message fits none of them.
 */
export function transcode({ name, bindings, input, output }: Method, template: MessageTemplate): Transcoded {
  if (bindings.length === 0)
    throw refusal(
      `${name} has no HTTP form`,
      'a method with a google.api.http annotation',
      'choose another method',
    )
  const misfits: string[] = []
  for (const binding of bindings)
    try {
      return fit(binding, input, output, template)
    } catch (error) {
      if (!(error instanceof Misfit)) throw error
      misfits.push(`${binding.verb} ${binding.path}: ${error.message}`)
    }

  throw refusal(
    `the message fits no HTTP form of ${name}: ${misfits.join('; ')}`,
    'values for the variables of one of its paths',
    'correct the option message',
  )
}

function fit(
  binding: HttpBinding,
  input: DescMessage,
  output: DescMessage,
  template: MessageTemplate,
): Transcoded {
  let fields: Fields = markedOf(template.pieces)
  const path = createTemplateBuilder<readonly string[]>()
  const parsed = readTemplate(binding.path)
  path.literal(parsed.head)
  for (const variable of parsed.variables) {
    const { field, isSegment, tail } = variable
    const names = jsonPath(input, field)
    const value = valueIn(fields, names)
    assertMatches(value, variable, template)
    writeText(value as Leaf | string | number | boolean, isSegment ? encodeSegment : encodeSegments, path)
    path.literal(tail)
    fields = without(fields, names)
  }
  const { query, body } = divide(fields, binding, input)
  let separator = '?'
  for (const [name, value] of queryOf(query, input, '')) {
    path.literal(`${separator}${encodeSegments(name)}=`)
    writeText(value, encodeSegments, path)
    separator = '&'
  }
  return {
    verb: binding.verb,
    path: path.build(),
    body: body === undefined ? undefined : compileJsonText(body),
    responseBody: binding.responseBody === '' ? undefined : fieldOf(output, binding.responseBody),
  }
}

function readTemplate(path: string): PathTemplate {
  try {
    return parsePathTemplate(path)
  } catch (error) {
    throw refusal(
      (error as Error).message,
      'a path as google/api/http.proto describes it',
      'correct the annotation',
    )
  }
}

/** Splits the fields into the body and the query. */
function divide(
  fields: Fields,
  { body }: HttpBinding,
  input: DescMessage,
): { readonly query: Fields; readonly body: Marked | undefined } {
  if (body === '') return { query: fields, body: undefined }
  if (body === '*') return { query: {}, body: fields }
  const { jsonName } = fieldOf(input, body)
  return { query: without(fields, [jsonName]), body: fields[jsonName] }
}

function assertMatches(
  value: Marked | undefined,
  { field, matches, isSegment }: PathVariable,
  template: MessageTemplate,
): void {
  const name = field.join('.')
  if (value === undefined || value === '') throw new Misfit(`${name} is not set`)
  if (typeof value === 'object' && !(value instanceof Leaf)) throw new Misfit(`${name} is not a single value`)
  const texts = value instanceof Leaf ? samplesOf(template.leaves[value.at]!) : [String(value)]
  for (const text of texts) {
    if (!matches.test(text)) throw new Misfit(`${name} is ${JSON.stringify(text)}`)
    const segments = isSegment ? [text] : text.split('/')
    if (segments.some((segment) => segment === '.' || segment === '..'))
      throw new Misfit(`${name} has . or .. as a segment`)
  }
}

/** Query parameters in the order of the message; lists repeat theirs for every entry. */
function* queryOf(
  fields: Fields,
  type: DescMessage,
  prefix: string,
): Generator<readonly [name: string, value: Leaf | string | number | boolean]> {
  for (const [jsonName, value] of Object.entries(fields)) {
    const field = type.fields.find((one) => one.jsonName === jsonName)!
    const name = `${prefix}${jsonName}`
    if (Array.isArray(value))
      for (const entry of value as readonly Marked[]) yield [name, single(entry, name)]
    else if (field.fieldKind === 'message' && isPlainObject(value) && !hasOwnJson(field.message))
      yield* queryOf(value, field.message, `${name}.`)
    else yield [name, single(value, name)]
  }
}

function single(value: Marked, name: string): Leaf | string | number | boolean {
  if (value instanceof Leaf || (typeof value !== 'object' && value !== null)) return value
  throw refusal(
    `${name} cannot be a query parameter: it is a map, a list of messages or a type without a fixed shape`,
    'a number, a string, a boolean, or a list of those',
    'leave it out of the option message, or choose a method that takes it in the body',
  )
}

function writeText(
  value: Leaf | string | number | boolean,
  form: (text: string) => string,
  to: TemplateBuilder<readonly string[]>,
): void {
  if (value instanceof Leaf) to.generated((values) => form(values[value.at]!))
  else to.literal(form(String(value)))
}

function jsonPath(type: DescMessage, names: readonly string[]): string[] {
  let scope: DescMessage | undefined = type
  return names.map((name) => {
    const field: DescField = fieldOf(scope, name)
    scope = field.message
    return field.jsonName
  })
}

function fieldOf(type: DescMessage | undefined, name: string): DescField {
  const field = type?.fields.find((one) => one.name === name)
  if (field) return field
  throw refusal(
    `an annotation names the field ${name}, which ${type?.typeName ?? 'its parent'} does not have`,
    'field names as written in the .proto file',
    'correct the annotation',
  )
}

function refusal(what: string, expected: string, next: string): CloudbenchError {
  return new CloudbenchError({ code: 'CB_PLUGIN_OPTIONS', what, expected, next })
}
