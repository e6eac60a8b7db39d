import { expect, test } from 'vitest'
import { valueAt } from '../src/index.ts'

test.each([
  [['items', '0', 'name'], 'first'],
  [['items', '1'], undefined],
  [['items', 'length', 'x'], undefined],
  [['toString'], undefined],
  [['none', 'at', 'all'], undefined],
  [[], { items: [{ name: 'first' }], none: null }],
])('%j leads to %j', (path, value) => {
  expect(valueAt({ items: [{ name: 'first' }], none: null }, path)).toEqual(value)
})
