import { expect, it } from 'vitest'
import { parseConfigDocument } from '../../src/config/document.ts'
import { load, refusal } from './project.ts'

it('says where in a YAML file the syntax is wrong', async () => {
  const files = { 'config/baseline/default.yaml': 'defaults:\n  duration: 10s\n  duration: 20s\n' }
  expect(await refusal(() => load({ files }))).toBe(
    'CB_CONFIG_SYNTAX: config/baseline/default.yaml:3:3: Map keys must be unique\n  expected: YAML\n' +
      '  next: fix config/baseline/default.yaml, then check it with `cloudbench config`',
  )
})

it.each([
  ['a: [1', /^CB_CONFIG_SYNTAX: x\.yaml:1:\d+: /],
  ['a: b: c', /x\.yaml:1:\d+: .*nested mappings/i],
  ['a: *gone', /x\.yaml:1:\d+: .*alias/i],
  ['a: !vault secret', /x\.yaml:1:\d+: .*tag/i],
  ['a: 1\n---\nb: 2', /x\.yaml:2:\d+: .*multiple documents/],
  ['\ta: 1', /x\.yaml:1:\d+: /],
  ['- 1', /^CB_CONFIG: x\.yaml contains a list/],
  ['just text', /^CB_CONFIG: x\.yaml contains a single value/],
])('refuses %j', async (text, message) => {
  expect(await refusal(() => parseConfigDocument(text, 'x.yaml'))).toMatch(message)
})

it('says where in a JSON file the syntax is wrong, without showing what is there', async () => {
  const files = { 'cloudbench.config.json': '{\n  "name": "a",\n  "password": "hunter2",\n}\n' }
  const text = await refusal(() => load({ files }))
  expect(text).toMatch(
    /^CB_CONFIG_SYNTAX: cloudbench\.config\.json:4:1: .*\n {2}expected: JSON\n {2}next: fix cloudbench\.config\.json, /,
  )
  expect(text).not.toContain('hunter2')
  expect(await refusal(() => parseConfigDocument('{"a": 1', 'x.json'))).toMatch(/x\.json:1:8: /)
  expect(await refusal(() => parseConfigDocument('{"a": 1, "a": 2}', 'x.json'))).toMatch(
    /x\.json:1:10: Map keys must be unique/,
  )
})

it('refuses aliases that multiply without end', async () => {
  const lines = ['a: &a [1,2,3,4,5,6,7,8,9]']
  for (let at = 1; at < 9; at++) {
    const [before, name] = [String.fromCodePoint(96 + at), String.fromCodePoint(97 + at)]
    lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`)
  }
  expect(await refusal(() => parseConfigDocument(lines.join('\n'), 'x.yaml'))).toMatch(
    /CB_CONFIG_SYNTAX: .*alias/i,
  )
})

it('takes an empty file, a byte order mark, anchors and merge keys', () => {
  expect(parseConfigDocument('', 'x.yaml').value).toEqual({})
  expect(parseConfigDocument('# nothing\n', 'x.yaml').value).toEqual({})
  expect(parseConfigDocument('\uFEFFa: 1', 'x.yaml').value).toEqual({ a: 1 })
  expect(parseConfigDocument('a: &x {b: 1}\nc: {<<: *x, d: 2}', 'x.yaml').value).toEqual({
    a: { b: 1 },
    c: { b: 1, d: 2 },
  })
})

it('knows the place of keys and of what is in lists', () => {
  const { locate } = parseConfigDocument('a:\n  b:\n    - c: 1\n      d: 2\n', 'x.yaml')
  expect(locate(['a', 'b']).text).toBe('x.yaml:2:3')
  expect(locate(['a', 'b']).within?.(['0', 'd'])).toBe('x.yaml:4:7')
  expect(locate(['a', 'gone']).text).toBe('x.yaml:1:1')
  expect(locate(['gone']).text).toBe('x.yaml')
})
