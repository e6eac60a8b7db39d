import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, padEnd, padStart, rowsOf, widthOf } from '../../src/text/width.ts'

test.each([
  ['abc', 3],
  ['读取', 4],
  ['𠮷', 2],
  ['e\u0301', 1],
  ['\u001B[1mbold\u001B[22m', 4],
  ['א\u200E', 1],
  ['😀', 2],
])('%j is %i columns wide', (text, width) => {
  expect(widthOf(text)).toBe(width)
})

const letters = fc.constantFrom('a', '读', 'e\u0301', '😀', '-')
const words = fc.array(letters, { maxLength: 60 }).map((all) => all.join(''))

test('a cut text is at most as wide as asked, and begins like the whole', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 50 }), (text, columns) => {
      const short = cut(text, columns)
      expect(widthOf(short)).toBeLessThanOrEqual(columns)
      expect(text.startsWith(short.replace(/…$/, ''))).toBe(true)
      expect(widthOf(padEnd(short, columns))).toBe(columns)
      expect(widthOf(padStart(short, columns))).toBe(columns)
    }),
  )
})

test('a line takes as many rows as it breaks into', () => {
  expect(rowsOf('', 10)).toBe(1)
  expect(rowsOf('x'.repeat(10), 10)).toBe(1)
  expect(rowsOf('x'.repeat(11), 10)).toBe(2)
  // the last wide letter of a row has no room
  expect(rowsOf(`a${'读'.repeat(9)}b`, 10)).toBe(3)
})
