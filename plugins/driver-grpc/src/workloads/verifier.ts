import {
  fromBinary,
  fromJson,
  toJson,
  type DescField,
  type DescMessage,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf'
import { CloudbenchError } from '@cloudbench/core'
import { valueAt } from '@cloudbench/driver-kit'
import type { ExpectOptions } from '../options.ts'
import type { MessageTemplate, Piece } from '../payload/message.ts'
import type { Method } from '../wire/method.ts'

/** Compares answers with what was expected. */
export interface Verifier {
  /** What is wrong with an answer on the wire; undefined when it is right. */
  check(answer: Uint8Array, sent: readonly string[]): string | undefined
  /** The same for an answer in JSON form. */
  checkJson(answer: string, sent: readonly string[]): string | undefined
}

interface Expected {
  readonly path: string
  readonly keys: readonly string[]
  /** The expected value: fixed, or a text of the request. */
  readonly value: JsonValue | { readonly at: number }
}

/**
 * Compiles what is expected of answers; undefined when nothing is.
 * @throws CloudbenchError when a path does not exist.
 */
export function createVerifier(
  { message = {}, echo = {} }: ExpectOptions,
  { output: type, types: registry }: Pick<Method, 'output' | 'types'>,
  sent: MessageTemplate,
  responseBody = '',
): Verifier | undefined {
  const expected: Expected[] = [
    ...Object.entries(message).map(([path, value]) => ({ path, value })),
    ...Object.entries(echo).map(([path, from]) => ({ path, value: sentAt(sent, from) })),
  ].map(({ path, value }) => ({ path, value, keys: keysOf(type, path) }))
  if (expected.length === 0) return undefined
  const compare = (answer: MessageShape<DescMessage>, values: readonly string[]): string | undefined => {
    let json: JsonValue
    try {
      json = toJson(type, answer, { alwaysEmitImplicit: true, registry })
    } catch (error) {
      // such as an Any of a type that is not known
      return `not readable: ${(error as Error).message}`
    }
    for (const { keys, value, path } of expected) {
      const found = valueAt(json, keys) as JsonValue | undefined
      const wanted =
        typeof value === 'object' && value !== null ? values[(value as { at: number }).at]! : value
      if (!isSame(found, wanted))
        return `${path} is ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`
    }
    return undefined
  }
  return {
    check(answer, values) {
      let decoded
      try {
        decoded = fromBinary(type, answer)
      } catch (error) {
        return `not a ${type.typeName}: ${(error as Error).message}`
      }
      return compare(decoded, values)
    },
    checkJson(answer, values) {
      let decoded
      try {
        const json = JSON.parse(answer) as JsonValue
        decoded = fromJson(type, responseBody === '' ? json : { [responseBody]: json }, {
          ignoreUnknownFields: true,
          registry,
        })
      } catch (error) {
        return `not a ${type.typeName}: ${(error as Error).message}`
      }
      return compare(decoded, values)
    },
  }
}

/** 64-bit numbers are strings in JSON, but can be expected as numbers. */
function isSame(found: JsonValue | undefined, wanted: JsonValue): boolean {
  if (found === wanted) return true
  if (typeof found === 'object' || typeof wanted === 'object') return false
  return found !== undefined && String(found) === String(wanted)
}

/** The JSON keys of a path, whichever of a field's two names was written. */
function keysOf(type: DescMessage, path: string): string[] {
  let scope: DescMessage | undefined = type
  const keys: string[] = []
  for (const key of path.split('.')) {
    const isEntry = /^\d+$/.test(key)
    const field: DescField | undefined = isEntry
      ? undefined
      : scope?.fields.find(({ name, jsonName }) => name === key || jsonName === key)
    if (scope && !field && !isEntry)
      throw refusal(`expect: ${scope.typeName} has no field ${JSON.stringify(key)}`, namesOf(scope))
    keys.push(field?.jsonName ?? key)
    if (field) scope = field.fieldKind === 'map' ? undefined : field.message
    if (scope?.typeName.startsWith('google.protobuf.')) scope = undefined
  }
  return keys
}

/** What the message sends at a path. */
function sentAt({ pieces, type }: MessageTemplate, path: string): Expected['value'] {
  const [first, ...rest] = path.split('.')
  const piece = pieceAt(pieces, first!)
  if (!piece) throw refusal(`expect.echo: ${path} is not in the message`, namesOf(type))
  let inner: Piece = piece
  for (const [at, key] of rest.entries()) {
    if (inner.kind === 'fixed') return (valueAt(inner.json, rest.slice(at)) ?? null) as JsonValue
    const next: Piece | undefined =
      inner.kind === 'message'
        ? pieceAt(inner.pieces, key)
        : inner.kind === 'list'
          ? inner.items[Number(key)]
          : undefined
    if (!next) throw refusal(`expect.echo: ${path} is not in the message`, namesOf(type))
    inner = next
  }
  if (inner.kind === 'leaf') return { at: inner.at }
  if (inner.kind === 'fixed')
    return Array.isArray(inner.json) && piece !== inner ? inner.json[0]! : inner.json
  throw refusal(`expect.echo: ${path} is not a single value`, 'the path of a number, a string or a boolean')
}

function pieceAt(pieces: readonly Piece[], key: string): Piece | undefined {
  return pieces.find(({ field: { name, jsonName } }) => name === key || jsonName === key)
}

function namesOf({ fields }: DescMessage): string {
  return `one of ${fields.map(({ jsonName }) => jsonName).join(', ')}`
}

function refusal(what: string, expected: string): CloudbenchError {
  return new CloudbenchError({ code: 'CB_PLUGIN_OPTIONS', what, expected, next: 'correct the option expect' })
}
