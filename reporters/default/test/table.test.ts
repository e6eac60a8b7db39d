import { widthOf } from '@cloudbench/core/text'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { table } from '../src/table.ts'

const columns = [
  { title: 'flow', priority: 0 },
  { title: 'requests', priority: 3 },
  { title: 'rate', priority: 1 },
  { title: 'max', priority: 5 },
]

test('less important columns make room for a name', () => {
  expect(table(columns, [['recommendations', '1000', '50/s', '9 ms']], 33)).toEqual([
    'flow             requests  rate',
    'recommendations      1000  50/s',
  ])
})

test('in a table that is drawn again, a name is cut in its middle', () => {
  expect(table(columns, [['orders-of-today-eu-1', '1000', '50/s', '9 ms']], 20, 4)).toEqual([
    'flow            rate',
    'orders-…y-eu-1  50/s',
  ])
})

test('no line is wider than there is room, but for a name above its numbers', () => {
  const letter = fc.constantFrom('a', '读', 'é', 'e\u0301', 'ש', '😀', '-')
  const name = fc.array(letter, { maxLength: 40 }).map((letters) => letters.join(''))
  fc.assert(
    fc.property(
      fc.array(name, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 12, max: 120 }),
      (names, available) => {
        const rows = names.map((own) => [own, '1000', '50/s', '9 ms'])
        for (const line of table(columns, rows, available, 4))
          expect(widthOf(line)).toBeLessThanOrEqual(available)
        const whole = table(columns, rows, available)
        for (const own of names) expect(whole.some((line) => line.startsWith(own))).toBe(true)
        for (const line of whole.filter((one) => one.includes('50/s')))
          expect(widthOf(line)).toBeLessThanOrEqual(available)
      },
    ),
  )
})
