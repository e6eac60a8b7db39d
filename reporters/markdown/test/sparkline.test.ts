import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sparkline } from '../src/sparkline.ts'

test('a value is as high as its share of the highest', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8])).toBe('▁▂▃▄▅▆▇██')
  expect(sparkline([100, 100, 100])).toBe('███')
})

test('what was not measured is a gap, and beyond the range is the highest', () => {
  expect(sparkline([Number.NaN, 4, Infinity])).toBe(' ██')
  expect(sparkline([0, 0])).toBe('▁▁')
  expect(sparkline([])).toBe('')
})

test('a higher value never looks lower', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 2 }), (values) => {
      const blocks = sparkline(values).split('')
      for (const [at, value] of values.entries())
        for (const [other, another] of values.entries())
          if (value > another) expect(blocks[at]! >= blocks[other]!).toBe(true)
    }),
  )
})
