import { fromBinary, fromJson, toBinary, toJson } from '@bufbuild/protobuf'
import type { DescMessage, JsonObject, JsonValue } from '@bufbuild/protobuf'
import { callOf } from '@cloudbench/testkit/flow'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileEncoder } from '../../src/payload/encoder.ts'
import { compileMessage, drawValues } from '../../src/payload/message.ts'
import { readProtoFiles } from '../../src/wire/proto-files.ts'
import { everyFile } from '../fixtures/demo.ts'

const every = readProtoFiles([everyFile], []).getMessage('test.v1.Every')!

/** Every leaf of a message as a choice of one word: generated, but known. */
function generated(json: JsonValue): JsonValue {
  if (Array.isArray(json)) return json.map(generated)
  if (typeof json === 'object' && json !== null)
    return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, generated(value)]))
  return `\${choice:${String(json)}}`
}

function encoded(type: DescMessage, json: JsonValue): Buffer {
  const template = compileMessage(type, json)
  const call = callOf()
  return compileEncoder(template)(drawValues(template, call, []))
}

const canonical = (json: JsonValue): JsonValue => toJson(every, fromJson(every, json))
const decoded = (bytes: Uint8Array): JsonValue => toJson(every, fromBinary(every, bytes))

// a word of a choice ends at a colon, and a brace ends the choice
const text = fc.string({ maxLength: 200, unit: 'binary' }).map((one) => one.replaceAll(/[:{}$]/g, '_'))
const int32 = fc.oneof(fc.constantFrom(0, 1, -1, 2_147_483_647, -2_147_483_648, 127, 128), fc.integer())
const uint32 = fc.oneof(fc.constantFrom(0, 1, 4_294_967_295, 2_147_483_648), fc.nat())
const int64 = fc
  .oneof(
    fc.constantFrom(0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  )
  .map(String)
const uint64 = fc
  .oneof(fc.constantFrom(0n, 2n ** 64n - 1n, 2n ** 53n + 1n), fc.bigInt(0n, 2n ** 64n - 1n))
  .map(String)

const fields = {
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  float: fc.float({ noNaN: true, noDefaultInfinity: true }),
  int32,
  int64,
  uint32,
  uint64,
  sint32: int32,
  sint64: int64,
  fixed32: uint32,
  fixed64: uint64,
  sfixed32: int32,
  sfixed64: int64,
  bool: fc.boolean(),
  string: text,
  color: fc.constantFrom('RED', 'GREEN', 'INFRARED'),
  numbers: fc.array(int32, { maxLength: 5 }),
  texts: fc.array(text, { maxLength: 5 }),
  optional: int32,
}

const message: fc.Arbitrary<JsonObject> = fc
  .letrec<{ message: JsonObject }>((tie) => ({
    message: fc.record(
      {
        ...fields,
        inner: fc.option(tie('message'), { nil: undefined, maxDepth: 2 }),
        inners: fc.array(tie('message'), { maxLength: 2 }),
        labels: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), text, { maxKeys: 3 }),
      },
      { requiredKeys: [] },
    ) as unknown as fc.Arbitrary<JsonObject>,
  }))
  .message.map((json) => JSON.parse(JSON.stringify(json)) as JsonObject)

test('a generated message decodes to the message', () => {
  fc.assert(
    fc.property(message, (json) => {
      expect(decoded(encoded(every, generated(json)))).toEqual(
        canonical(JSON.parse(JSON.stringify(json)) as JsonValue),
      )
    }),
    { numRuns: 100 },
  )
})

test('a fixed message is encoded as the library does', () => {
  fc.assert(
    fc.property(message, (json) => {
      const written = JSON.parse(JSON.stringify(json)) as JsonValue
      expect(encoded(every, written)).toEqual(Buffer.from(toBinary(every, fromJson(every, written))))
    }),
  )
})

test('types with a JSON form of their own can be generated', () => {
  const json = { at: '${choice:2026-01-02T03}', note: '${string:5}', data: '${choice:aGVsbG8=}' }
  expect(() => compileMessage(every, { at: json.at })).toThrow('message.at')
  expect(decoded(encoded(every, { note: json.note, data: json.data }))).toEqual({
    note: expect.stringMatching(/^\w{5}$/) as string,
    data: 'aGVsbG8=',
  })
})

test('a long nested message has the right length', () => {
  for (const length of [126, 127, 128, 16_383, 16_384, 70_000]) {
    const json = { inner: { string: `\${string:${length}}` } }
    const found = decoded(encoded(every, json)) as { inner: { string: string } }
    expect(found.inner.string).toHaveLength(length)
  }
})

describe('a message that does not fit is refused', () => {
  test.each([
    { json: { nam: 'x' }, fault: 'message: test.v1.Every has no field "nam"' },
    { json: { inner: { nam: 1 } }, fault: 'message.inner: cannot decode message test.v1.Every' },
    { json: { inner: '${uuid}' }, fault: 'message.inner is not an object' },
    { json: { int32: 'x' }, fault: 'message.int32' },
    { json: { int32: '${uuid}' }, fault: 'message.int32' },
    { json: { uint32: '${int:-1:1}' }, fault: 'message.uint32' },
    { json: { int32: '${int:0:4294967295}' }, fault: 'message.int32' },
    { json: { bool: '${index}' }, fault: 'neither true nor false' },
    { json: { color: '${choice:RED:BLUE}' }, fault: 'message.color' },
    { json: { numbers: 1 }, fault: 'message.numbers' },
    { json: { texts: ['a', { b: 1 }] }, fault: 'message.texts' },
  ])('$json: $fault', ({ json, fault }) => {
    expect(() => compileMessage(every, json as unknown as JsonValue)).toThrow(fault)
  })
})

test('the error names the expected values', () => {
  expect(() => compileMessage(every, { color: 'BLUE' })).toThrow(
    expect.objectContaining({
      code: 'CB_PLUGIN_OPTIONS',
      expected: expect.stringContaining('RED, GREEN, INFRARED') as string,
    }),
  )
})
