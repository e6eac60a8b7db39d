import fc from 'fast-check'
import rhea from 'rhea'
import { expect, test } from 'vitest'
import {
  binary,
  boolean,
  described,
  list,
  string,
  symbol,
  ubyte,
  uint,
  ushort,
} from '../../src/wire/encode.ts'
import { endOf, readValue } from '../../src/wire/values.ts'

interface Typed {
  readonly descriptor?: unknown
}

/** The codec that rhea exports, and does not declare in full. */
const types = rhea.types as unknown as {
  readonly Writer: new () => { write(value: unknown): void; toBuffer(): Buffer }
  readonly Reader: new (bytes: Buffer) => { read(): Typed; remaining(): number }
  unwrap(value: unknown): unknown
} & Readonly<Record<string, (value: unknown, ...more: unknown[]) => unknown>>

/** A value as rhea writes it, and what it stands for. */
type Pair = readonly [written: unknown, value: unknown]

const wrapped = (name: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Pair> =>
  values.map((value) => [types[`wrap_${name}`]!(value), value])

const text = fc.string({ unit: 'binary', maxLength: 300 })
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 300 })
const { value: pair } = fc.letrec<{ value: Pair }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    wrapped('boolean', fc.boolean()),
    wrapped('ubyte', fc.nat(255)),
    wrapped('ushort', fc.nat(65_535)),
    wrapped('uint', fc.nat(2 ** 32 - 1)),
    wrapped('ulong', fc.nat(2 ** 31)),
    wrapped('byte', fc.integer({ min: -128, max: 127 })),
    wrapped('short', fc.integer({ min: -32_768, max: 32_767 })),
    wrapped('int', fc.integer()),
    wrapped('double', fc.double({ noNaN: true })),
    wrapped('string', text),
    wrapped('symbol', ascii),
    fc.uint8Array({ maxLength: 300 }).map((bytes): Pair => {
      const buffer = Buffer.from(bytes)
      return [types['wrap_binary']!(buffer), buffer]
    }),
    fc
      .array(tie('value'), { maxLength: 5 })
      .map((pairs): Pair => [
        types['wrap_list']!(pairs.map(([one]) => one)),
        pairs.map(([, value]) => value),
      ]),
    fc.array(ascii, { minLength: 1, maxLength: 5 }).map(
      // its code is that of a symbol of up to 255 bytes
      (names): Pair => [
        types['wrap_array']!(
          names.map((name) => name.slice(0, 200)),
          0xa3,
        ),
        names.map((name) => name.slice(0, 200)),
      ],
    ),
    // rhea makes one of a descriptor behind another
    fc
      .array(tie('value'), { maxLength: 5 })
      .map((pairs): Pair => [
        types['described']!(types['wrap_ulong']!(0x70), types['wrap_list']!(pairs.map(([one]) => one))),
        { descriptor: 0x70, value: pairs.map(([, value]) => value) },
      ]),
  ),
}))

function written(value: unknown): Buffer {
  const writer = new types.Writer()
  writer.write(value)
  return Buffer.from(writer.toBuffer())
}

test('what rhea writes is read as it is', () => {
  fc.assert(
    fc.property(pair, fc.nat(9), ([typed, value], at) => {
      const bytes = written(typed)
      const inside = Buffer.concat([Buffer.alloc(at), bytes, Buffer.alloc(3)])
      expect(readValue(inside, at, inside.length)).toEqual(value)
      expect(endOf(inside, at, inside.length)).toBe(at + bytes.length)
    }),
  )
})

test('what rhea writes and was cut short is an error', () => {
  fc.assert(
    fc.property(pair, fc.nat(), ([typed], place) => {
      const bytes = written(typed)
      expect(() => readValue(bytes, 0, place % bytes.length)).toThrow(/value|list|map|array/)
    }),
  )
})

test('rhea reads what was written', () => {
  fc.assert(
    fc.property(
      fc.record({
        yes: fc.boolean(),
        small: fc.nat(255),
        short: fc.nat(65_535),
        number: fc.nat(2 ** 32 - 1),
        words: text,
        name: ascii,
        bytes: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      }),
      ({ yes, small, short, number, words, name, bytes }) => {
        const values = [boolean(yes), ubyte(small), ushort(short), uint(number), string(words), symbol(name)]
        const reader = new types.Reader(described(0x29, [...values, binary(bytes), list([])]))
        const read = reader.read()
        expect(reader.remaining()).toBe(0)
        expect(String(read.descriptor)).toBe('41')
        expect(types.unwrap(read)).toEqual([yes, small, short, number, words, name, bytes, []])
      },
    ),
  )
})

test('any bytes are a value or an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (given) => {
      const bytes = Buffer.from(given)
      try {
        expect(endOf(bytes, 0, bytes.length)).toBeLessThanOrEqual(bytes.length)
        readValue(bytes, 0, bytes.length)
      } catch (error) {
        expect(error).toMatchObject({ code: 'PROTOCOL_ERROR' })
      }
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  ['a list with more values than bytes', 'd0ffffffff00000001'],
  ['a list that says it has four billion values', 'd000000004ffffffff'],
  ['an array of four billion times nothing', 'f000000005ffffffff40'],
  ['a string longer than its frame', 'b1ffffffff61'],
  ['a map with half a pair', 'c1020140'],
  ['a list in a list, without an end', 'c0'.repeat(100)],
  ['a descriptor of a descriptor, without an end', '00'.repeat(10_000)],
  ['values in values', `${'00'.repeat(50)}${'40'.repeat(51)}`],
  ['a constructor that no value has', '3f'],
  ['a boolean of 2', '5602'],
  ['a character outside of Unicode', '73ffffffff'],
])('%s is refused', (_, hex) => {
  const bytes = Buffer.from(hex, 'hex')
  expect(() => readValue(bytes, 0, bytes.length)).toThrow(
    expect.objectContaining({ code: 'PROTOCOL_ERROR' }) as Error,
  )
})
