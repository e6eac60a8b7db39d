import { fromJson, ScalarType, toBinary, type DescField } from '@bufbuild/protobuf'
import { WireWriter } from '../wire/writer.ts'
import { filled } from './marked.ts'
import type { MessageTemplate, Piece } from './message.ts'

/** Encodes one message from its generated texts. */
export type Encoder = (values: readonly string[]) => Buffer

type Step = (values: readonly string[], writer: WireWriter) => void

/** Shared by all connections of a process: each message is taken out before the next one is written. */
const writer = new WireWriter()

/** Compiles a message into steps; fixed parts are encoded here, once. */
export function compileEncoder({ pieces, leaves }: MessageTemplate): Encoder {
  const steps = stepsOf(pieces)
  const encode: Encoder = (values) => {
    for (let at = 0; at < steps.length; at++) steps[at]!(values, writer)
    return writer.take()
  }
  if (leaves.length > 0) return encode
  const whole = encode([])
  return () => whole
}

function stepsOf(pieces: readonly Piece[]): readonly Step[] {
  const steps: Step[] = []
  let fixed: Uint8Array[] = []
  const flush = (): void => {
    if (fixed.length === 0) return
    const bytes = Buffer.concat(fixed)
    fixed = []
    steps.push((_values, to) => to.raw(bytes))
  }
  for (const piece of pieces)
    if (piece.kind === 'fixed') fixed.push(piece.bytes)
    else {
      flush()
      steps.push(...stepsOfGenerated(piece))
    }

  flush()
  return steps
}

function stepsOfGenerated(piece: Exclude<Piece, { kind: 'fixed' }>): readonly Step[] {
  const { field } = piece
  if (piece.kind === 'leaf') return [leafStep(field, piece.at)]
  if (piece.kind === 'list') return stepsOf(piece.items)
  if (piece.kind === 'loose') {
    const { parent, jsonName } = field
    const options = { registry: piece.types }
    return [
      (values, to) =>
        to.raw(toBinary(parent, fromJson(parent, { [jsonName]: filled(piece.json, values) }, options))),
    ]
  }
  const tag = tagOf(field.number, 2)
  const inner = stepsOf(piece.pieces)
  return [
    (values, to) => {
      to.raw(tag)
      const at = to.begin()
      for (let step = 0; step < inner.length; step++) inner[step]!(values, to)
      to.end(at)
    },
  ]
}

/** Lists are written entry by entry, which every reader accepts for numbers too. */
function leafStep(field: DescField, at: number): Step {
  if (field.enum) {
    const numbers: Record<string, number> = Object.create(null) as Record<string, number>
    for (const { name, number } of field.enum.values) numbers[name] = numbers[number] = number
    const tag = tagOf(field.number, 0)
    return (values, to) => {
      to.raw(tag)
      signed(to, numbers[values[at]!]!)
    }
  }
  const { wireType, write } = scalarWriters[field.scalar as keyof typeof scalarWriters]
  const tag = tagOf(field.number, wireType)
  return (values, to) => {
    to.raw(tag)
    write(to, values[at]!)
  }
}

interface ScalarWriter {
  readonly wireType: 0 | 1 | 2 | 5
  write(to: WireWriter, text: string): void
}

const whole = (write: (to: WireWriter, value: number) => void): ScalarWriter => ({
  wireType: 0,
  write: (to, text) => write(to, Number(text)),
})

const fixed32: ScalarWriter = { wireType: 5, write: (to, text) => to.fixed32(Number(text)) }
const fixed64: ScalarWriter = { wireType: 1, write: (to, text) => to.fixed64(BigInt(text)) }
const wide: ScalarWriter = {
  wireType: 0,
  write(to, text) {
    const value = Number(text)
    if (value >= 0 && Number.isSafeInteger(value)) to.varint(value)
    else to.varint64(BigInt(text))
  },
}

/** By scalar type, as the wire format defines them. */
const scalarWriters = {
  [ScalarType.DOUBLE]: { wireType: 1, write: (to, text) => to.double(Number(text)) },
  [ScalarType.FLOAT]: { wireType: 5, write: (to, text) => to.float(Number(text)) },
  [ScalarType.INT64]: wide,
  [ScalarType.UINT64]: wide,
  [ScalarType.INT32]: whole(signed),
  [ScalarType.FIXED64]: fixed64,
  [ScalarType.FIXED32]: fixed32,
  [ScalarType.BOOL]: { wireType: 0, write: (to, text) => to.varint(text === 'true' ? 1 : 0) },
  [ScalarType.STRING]: { wireType: 2, write: (to, text) => to.text(text) },
  [ScalarType.UINT32]: whole((to, value) => to.varint(value)),
  [ScalarType.SFIXED32]: fixed32,
  [ScalarType.SFIXED64]: fixed64,
  [ScalarType.SINT32]: whole((to, value) => to.varint(value < 0 ? -2 * value - 1 : 2 * value)),
  [ScalarType.SINT64]: {
    wireType: 0,
    write(to, text) {
      const value = BigInt(text)
      to.varint64(value < 0n ? -2n * value - 1n : 2n * value)
    },
  },
} as const satisfies Readonly<Record<number, ScalarWriter>>

function signed(to: WireWriter, value: number): void {
  if (value < 0) to.varint64(BigInt(value))
  else to.varint(value)
}

function tagOf(field: number, wireType: number): Buffer {
  const tag = new WireWriter()
  tag.varint(field * 8 + wireType)
  return tag.take()
}
