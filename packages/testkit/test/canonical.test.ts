import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonical } from '../src/canonical.ts'

test('JSON that means the same is the same, whatever the order of its keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).toReversed())
      expect(canonical(JSON.stringify(turned))).toBe(canonical(JSON.stringify(value)))
    }),
  )
})

test('nothing of what it means is lost', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      expect(JSON.parse(canonical(text))).toEqual(JSON.parse(text))
    }),
  )
})

test('lines of JSON are taken one by one, and other text stays as it is', () => {
  expect(canonical('{"b":1,"a":2}\nb,a\n')).toBe('{\n "a": 2,\n "b": 1\n}\nb,a\n')
  expect(canonical('b,a\n1,2\n')).toBe('b,a\n1,2\n')
})
