import { hash } from 'node:crypto'
import type { Call } from '@cloudbench/core'
import { describe, expect, test } from 'vitest'
import { compileJson, compileTemplate, render } from '../../src/templates/template.ts'

/** Uniform in [0, 1), from nothing but its arguments, as the numbers that the host gives are. */
function uniform(seed: number, index: number, draw: number): number {
  return Number.parseInt(hash('md5', `${seed} ${index} ${draw}`).slice(0, 8), 16) / 4_294_967_296
}

function call(index = 0, seed = 1): Call {
  let draws = 0
  return { index, random: () => uniform(seed, index, draws++) }
}
const text = (written: string, index = 0, seed = 1): string =>
  render(compileTemplate(written), call(index, seed))
const json = (value: unknown, index = 0): string => render(compileJson(value), call(index))

test('a text without generators has no parts', () => {
  expect(compileTemplate('/v1/data?x=$y{z}')).toEqual({ head: '/v1/data?x=$y{z}', parts: [] })
})

test('$${ is a literal ${', () => {
  expect(text('$${uuid} ${index}', 7)).toBe('${uuid} 7')
})

test('the same seed and arrival give the same text, others do not', () => {
  const written = '${uuid} ${int:1:1000000} ${string:12} ${choice:a:b:c} ${index}'
  expect(text(written, 3)).toBe(text(written, 3))
  expect(text(written, 4)).not.toBe(text(written, 3))
  expect(text(written, 3, 2)).not.toBe(text(written, 3))
})

test('a uuid is a version 4 UUID and differs from arrival to arrival', () => {
  const made = Array.from({ length: 1_000 }, (_, index) => text('${uuid}', index))
  for (const uuid of made)
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(made).size).toBe(1_000)
})

test('int draws every value between its bounds, and both of them', () => {
  const made = new Set(Array.from({ length: 500 }, (_, index) => text('${int:-1:2}', index)))
  expect([...made].toSorted()).toEqual(['-1', '0', '1', '2'])
})

test.for([1, 5, 6, 64])('a string of %i characters has that many letters and digits', (length) => {
  const made = text(`\${string:${length}}`)
  expect(made).toMatch(/^[A-Za-z0-9]+$/)
  expect(made).toHaveLength(length)
})

test('choice takes one of the words', () => {
  const made = new Set(Array.from({ length: 100 }, (_, index) => text('${choice:red:green}', index)))
  expect([...made].toSorted()).toEqual(['green', 'red'])
})

test('timestamp is the time of day in milliseconds', () => {
  const before = Date.now()
  const made = Number(text('${timestamp}'))
  expect(made).toBeGreaterThanOrEqual(before)
  expect(made).toBeLessThanOrEqual(Date.now())
})

describe('in JSON', () => {
  test('a numeric generator that is a whole value is a number, elsewhere it is text', () => {
    expect(JSON.parse(json({ a: '${index}', b: 'no ${index}', '${index}': ['${int:3:3}'] }, 9))).toEqual({
      a: 9,
      b: 'no 9',
      9: [3],
    })
  })

  test('other generators stay strings, and text is escaped', () => {
    expect(JSON.parse(json({ 'a"b': '${string:4}', c: 'x"${choice:y}"\n' }))).toEqual({
      'a"b': expect.stringMatching(/^\w{4}$/) as string,
      c: 'x"y"\n',
    })
  })
})

test.for([
  ['${uid}', 'did you mean ${uuid}?'],
  ['${UUID}', 'did you mean ${uuid}?'],
  ['${randomthing}', 'available: ${uuid}, ${index}, ${int:1:1000}'],
  ['${}', 'there is no generator ${}'],
  ['${constructor}', 'there is no generator ${constructor}'],
  ['${uuid:4}', 'takes no arguments'],
  ['${int:9:1}', '9 is larger than 1'],
  ['${int:a:b}', '"a" is not a whole number'],
  ['${int:0:4294967296}', '4294967296 different values at most'],
  ['${string:0}', 'needs 1 to 1048576 characters'],
  ['${choice}', 'needs something to choose from'],
])('%s is refused: %s', ([written, message]) => {
  expect(() => compileTemplate(written!)).toThrow(message)
})
