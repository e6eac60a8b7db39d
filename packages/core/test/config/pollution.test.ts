import { afterEach, expect, it } from 'vitest'
import { load, loadTree, refusal } from './project.ts'

afterEach(() => {
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

it('refuses __proto__ wherever it is written', async () => {
  const refused = /CB_OPTIONS_NOT_JSON: .*__proto__.* is not a valid name for a setting/
  const json = '{"targets":{"x":{"driver":"http","options":{"__proto__":{"polluted":1}}}}}'
  expect(await refusal(() => load({ files: { 'cloudbench.config.json': json } }))).toMatch(refused)
  const yaml = 'environment:\n  - [memory, { __proto__: { polluted: 1 } }]\n'
  expect(await refusal(() => load({ files: { 'cloudbench.config.yaml': yaml } }))).toMatch(refused)
  const file = { 'config/targets/__proto__.yaml': 'driver: http' }
  expect(await refusal(() => load({ files: file }))).toMatch(refused)
  expect(await refusal(() => load({ set: ['targets.http.options.__proto__.polluted=1'] }))).toMatch(refused)
  const env = { CLOUDBENCH_TARGETS__HTTP__OPTIONS____PROTO____POLLUTED: '1' }
  await load({ env }).catch(() => {})
})

it('takes names that every object inherits as names', async () => {
  const config = await loadTree({
    targets: { constructor: { driver: 'http' } },
    scenarios: { toString: { target: 'constructor', options: { constructor: 1 } } },
  })
  expect(config.selected).toEqual(['toString'])
})

it('freezes what it hands out', async () => {
  const config = await loadTree({ driver: 'http', target: 'http://a:1', options: { list: [{ a: 1 }] } })
  const { options } = config.tree.scenarios!['main']!.flows!['main']!
  expect(() => {
    ;(options!['list'] as { a: number }[])[0]!.a = 2
  }).toThrow(TypeError)
  expect(Object.isFrozen(config.printed)).toBe(true)
  expect(Object.isFrozen(config.deciding['scenarios'])).toBe(true)
})
