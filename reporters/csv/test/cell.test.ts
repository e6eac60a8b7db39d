import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowOf } from '../src/cell.ts'

const plain = (text: string): string => text
const read = (text: string): string[][] => parse(text)

test('whatever the texts are, a reader of RFC 4180 gets them back', () => {
  // a lone empty cell is an empty line, which readers skip; there is always more than one
  const cells = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a"b', 'a,b', '\r\n', '""', ' x ')),
    {
      minLength: 2,
      maxLength: 5,
    },
  )
  fc.assert(
    fc.property(cells, (texts) => {
      const row = rowOf(texts, plain)
      const [back, ...others] = read(row)
      expect(others).toEqual([])
      // a formula gets an apostrophe before it, and nothing else changes
      expect(back!.map((cell, at) => (cell === `'${texts[at]}` ? texts[at] : cell))).toEqual(texts)
    }),
  )
})

test.each(['=1+1', '+1', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("https://example.com","x")', '＝1'])(
  'a name that begins like a formula is text: %j',
  (name) => {
    expect(read(rowOf([name, 'x'], plain))).toEqual([[`'${name}`, 'x']])
  },
)

test('a number is a number, also below zero; what is not known is empty, and beyond the range is said', () => {
  expect(rowOf([1.5, -2, Number.NaN, undefined, Infinity], plain)).toBe('1.5,-2,,,Infinity\r\n')
})

test('a secret is taken out before it is quoted, also with colour codes in it', () => {
  const redact = (text: string): string => text.replaceAll('p"w,d', '***')
  expect(rowOf(['x p"w,d', 'p"\u001B[1mw,d'], redact)).toBe('x ***,***\r\n')
})
