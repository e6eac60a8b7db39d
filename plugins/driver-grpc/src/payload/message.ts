import {
  fromJson,
  toBinary,
  toJson,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Registry,
} from '@bufbuild/protobuf'
import { CloudbenchError, messageOf, type Call } from '@cloudbench/core'
import { render, type Template } from '@cloudbench/driver-kit'
import { typesOf } from '../wire/well-known.ts'
import { expectationOf, hasOwnJson, isPlain, jsonOfText } from './fields.ts'
import { filled, isGenerated, Leaf, mark, type Marked } from './marked.ts'

/** A field of a message, by how much of it is generated. */
export type Piece =
  | {
      readonly kind: 'fixed'
      readonly field: DescField
      readonly json: JsonValue
      readonly bytes: Uint8Array
    }
  | { readonly kind: 'leaf'; readonly field: DescField; readonly at: number }
  | { readonly kind: 'message'; readonly field: DescField; readonly pieces: readonly Piece[] }
  | { readonly kind: 'list'; readonly field: DescField; readonly items: readonly Piece[] }
  /** A map, or a type with a JSON form of its own. Encoded from JSON for every request. */
  | { readonly kind: 'loose'; readonly field: DescField; readonly json: Marked; readonly types: Registry }

/** A message from the options, compiled once. */
export interface MessageTemplate {
  readonly type: DescMessage
  readonly leaves: readonly Template[]
  readonly pieces: readonly Piece[]
}

/**
 * Compiles a message by its type.
 * @throws CloudbenchError that names the field and what it accepts.
 */
export function compileMessage(
  type: DescMessage,
  written: JsonValue,
  types: Registry = typesOf(),
): MessageTemplate {
  const leaves: Template[] = []
  const pieces = piecesOf(type, mark(written, leaves), { leaves, types }, 'message')
  return { type, leaves, pieces }
}

/** What the parts of a message have in common. */
interface Scope {
  readonly leaves: readonly Template[]
  readonly types: Registry
}

/** Generates the texts of one request into `values`, which is reused. */
export function drawValues({ leaves }: MessageTemplate, call: Call, values: string[]): readonly string[] {
  for (let at = 0; at < leaves.length; at++) values[at] = render(leaves[at]!, call)
  return values
}

/** The whole message as JSON, with the JSON names of its fields. */
export function markedOf(pieces: readonly Piece[]): { readonly [name: string]: Marked } {
  // defaults are left out, as they are on the wire
  const present = pieces.filter((piece) => piece.kind !== 'fixed' || piece.json !== null)
  return Object.fromEntries(present.map((piece) => [piece.field.jsonName, markedPiece(piece)]))
}

function markedPiece(piece: Piece): Marked {
  switch (piece.kind) {
    case 'fixed':
    case 'loose':
      return piece.json
    case 'leaf':
      return new Leaf(piece.at, piece.field)
    case 'message':
      return markedOf(piece.pieces)
    case 'list':
      return piece.items.map((item) =>
        // a value that is not generated is kept as a list of one
        item.kind === 'fixed' || item.kind === 'loose'
          ? (item.json as readonly Marked[])[0]!
          : markedPiece(item),
      )
  }
}

function piecesOf(type: DescMessage, marked: Marked, scope: Scope, path: string): Piece[] {
  if (typeof marked !== 'object' || marked === null || marked instanceof Leaf || Array.isArray(marked))
    throw refusal(`${path} is not an object`, `an object with the fields of ${type.typeName}`)
  const pieces = Object.entries(marked).flatMap(([key, value]) => {
    if (value === null) return []
    const field = type.fields.find(({ name, jsonName }) => name === key || jsonName === key)
    if (!field)
      throw refusal(
        `${path}: ${type.typeName} has no field ${JSON.stringify(key)}`,
        `one of ${type.fields.map(({ jsonName }) => jsonName).join(', ') || 'none, it has no fields'}`,
      )
    return pieceOf(field, value, scope, `${path}.${key}`)
  })
  // the order in which libraries write them
  return pieces.toSorted((a, b) => a.field.number - b.field.number)
}

function pieceOf(field: DescField, value: Marked, scope: Scope, path: string): Piece {
  if (!isGenerated(value)) return fixed(field, value as JsonValue, scope, path)
  if (field.fieldKind === 'list' && Array.isArray(value) && !(field.message && hasOwnJson(field.message)))
    return {
      kind: 'list',
      field,
      items: (value as readonly Marked[]).map((entry, at) => itemOf(field, entry, scope, `${path}.${at}`)),
    }
  if (field.fieldKind === 'message' && !hasOwnJson(field.message))
    return { kind: 'message', field, pieces: piecesOf(field.message, value, scope, path) }
  if (value instanceof Leaf && isPlain(field)) return leafOf(field, value, scope, path)
  assertFits(field, value, scope, path)
  return { kind: 'loose', field, json: value, types: scope.types }
}

/** One entry of a list, in the form of a field. */
function itemOf(field: DescField, entry: Marked, scope: Scope, path: string): Piece {
  if (!isGenerated(entry)) return fixed(field, [entry as JsonValue], scope, path)
  if (entry instanceof Leaf && isPlain(field)) return leafOf(field, entry, scope, path)
  if (field.message && !hasOwnJson(field.message))
    return { kind: 'message', field, pieces: piecesOf(field.message, entry, scope, path) }
  assertFits(field, [entry], scope, path)
  return { kind: 'loose', field, json: [entry], types: scope.types }
}

function fixed(field: DescField, json: JsonValue, { types: registry }: Scope, path: string): Piece {
  const { parent, jsonName } = field
  try {
    const message = fromJson(parent, { [jsonName]: json }, { registry })
    const canonical = (toJson(parent, message, { registry }) as JsonObject)[jsonName]
    // defaults are not sent, so they are left out of the JSON too
    return { kind: 'fixed', field, json: canonical ?? null, bytes: toBinary(parent, message) }
  } catch (error) {
    throw refusal(`${path}: ${messageOf(error)}`, expectationOf(field), error)
  }
}

function leafOf(field: DescField, leaf: Leaf, scope: Scope, path: string): Piece {
  for (const text of samplesOf(scope.leaves[leaf.at]!)) {
    const value = jsonOfText(field, text)
    try {
      fromJson(field.parent, { [field.jsonName]: field.fieldKind === 'list' ? [value] : value })
      if (value === false && text !== 'false')
        throw new Error(`${JSON.stringify(text)} is neither true nor false`)
    } catch (error) {
      throw refusal(`${path}: ${messageOf(error)}`, expectationOf(field), error)
    }
  }
  return { kind: 'leaf', field, at: leaf.at }
}

function assertFits(field: DescField, value: Marked, scope: Scope, path: string): void {
  const samples = scope.leaves.map((leaf) => samplesOf(leaf)[0]!)
  try {
    fromJson(field.parent, { [field.jsonName]: filled(value, samples) }, { registry: scope.types })
  } catch (error) {
    throw refusal(`${path}: ${messageOf(error)}`, expectationOf(field), error)
  }
}

/** Texts that a template generates, including the extremes. */
export function samplesOf(leaf: Template): readonly string[] {
  return [0, 0.5, 1 - 2 ** -32].map((value) =>
    render(leaf, { index: Math.floor(value * 1_000_000), random: () => value }),
  )
}

function refusal(what: string, expected: string, cause?: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_PLUGIN_OPTIONS',
    what,
    expected,
    next: 'correct the option message',
    cause,
  })
}
