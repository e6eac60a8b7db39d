import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatPath, parsePath } from '../../src/config/path.ts'
import { formatScalar, parseScalar } from '../../src/config/scalar.ts'
import { load, loadTree, refusal, shown } from './project.ts'

const everything = {
  name: 'all',
  targets: {
    'my.db': {
      driver: 'x',
      url: 'x://a:1',
      options: { list: [1, { a: 2 }], 'content-type': '5', 'a b': true },
    },
  },
  environment: ['memory', ['numa', { nodes: [0] }]],
  reporters: ['json'],
  scenarios: {
    one: {
      target: 'my.db',
      rate: '500/s',
      checks: { 'response.p99.9': '< 5ms', 'main/rate': '>= 1/s' },
      tags: ['a'],
    },
    two: {
      flows: {
        a: { target: 'my.db', stages: [{ duration: '1s', rate: 5 }] },
        b: { target: 'my.db', think: '1ms' },
      },
      phases: undefined,
      seed: 7,
    },
  },
}

it('reaches every leaf that is printed, with what is printed', async () => {
  const config = await loadTree(everything)
  const set = config.entries().map(({ path, value }) => `${path}=${value}`)
  const again = await loadTree(everything, { set })
  expect(again.tree).toEqual(config.tree)
  expect(again.digest).toBe(config.digest)
  expect(again.entries().every(({ origin }) => origin === '--set')).toBe(true)
})

it('changes every leaf that is printed', async () => {
  const config = await loadTree(everything)
  for (const { path } of config.entries()) {
    const changed = await loadTree(everything, { set: [`${path}=null`] }).then(
      (loaded) => shown(loaded, path),
      (error: Error) => error.message,
    )
    expect(changed).toMatch(/^absent$|is missing/)
  }
})

it('sets one element of a list', async () => {
  const config = await loadTree(everything, {
    set: ['scenarios.two.flows.a.stages[0].rate=9', 'scenarios.one.tags.0=b'],
  })
  const short = await loadTree(everything, {
    set: ['scenarios.two.flows.b=null', 'scenarios.two.stages[0].rate=3'],
  })
  expect(short.tree.scenarios!['two']!.flows).toMatchObject({ a: { stages: [{ duration: '1s', rate: 3 }] } })
  expect(config.tree.scenarios!['two']!.flows!['a']!.stages).toEqual([{ duration: '1s', rate: 9 }])
  expect(config.tree.scenarios!['one']!.tags).toEqual(['b'])
  const beyond = await refusal(() => loadTree(everything, { set: ['scenarios.one.tags.4=b'] }))
  expect(beyond).toContain('scenarios.one.tags.4 leads nowhere: scenarios.one.tags has no 4 (--set)')
  expect(await refusal(() => loadTree(everything, { set: ['name.x=b'] }))).toContain(
    'name.x leads nowhere: name has no x',
  )
})

it('creates what the schema allows', async () => {
  const set = [
    'targets.http.url=http://127.0.0.1:8080',
    'targets.http.options.headers.accept="1"',
    'scenarios.http-json-api.checks.rate=>= 9/s',
  ]
  const config = await load({ set })
  expect(config.tree.targets!['http']).toEqual({
    driver: 'http',
    url: 'http://127.0.0.1:8080',
    options: { headers: { accept: '1' } },
  })
  expect(config.tree.scenarios!['http-json-api']!.checks).toEqual({ rate: '>= 9/s' })
  const made = await load({
    set: ['targets.db.url=x://a', 'targets.db.driver=x', 'scenarios.new.target=db', 'scenarios.new.rate=5'],
  })
  expect(made.tree.scenarios!['new']).toEqual({ flows: { main: { target: 'db', rate: 5 } } })
  expect(made.selected).toEqual(['new'])
})

it('refuses what does not exist, and suggests what was meant', async () => {
  const attempt = (setting: string) => refusal(() => load({ set: [setting] }))
  expect(await attempt('scenarios.redis-read-hevy.rate=5')).toBe(
    [
      'CB_CONFIG: scenarios.redis-read-hevy is not a setting (--set)',
      '  next: did you mean redis-read-heavy?',
    ].join('\n'),
  )
  expect(await attempt('scenarios.nothing.rate=5')).toContain(
    'next: available: http-json-api, redis-read-heavy',
  )
  expect(await attempt('targets.htpp.url=http://a')).toContain('did you mean http?')
  expect(await attempt('scenarios.http-json-api.flows.mian.rate=5')).toContain('did you mean main?')
  expect(await attempt('scenarios.http-json-api.flows.main.rat=5')).toContain('did you mean rate?')
  expect(await attempt('scenarios.http-json-api.conections=5')).toContain('did you mean connections?')
  expect(await attempt('target.http.url=5')).toBe(
    [
      'CB_CONFIG: target.http.url is not a setting: target has nothing below it (--set)',
      '  next: did you mean targets?',
    ].join('\n'),
  )
  expect(await attempt('defaults.duraton=5s')).toContain('did you mean duration?')
})

it('refuses what cannot be read', async () => {
  const attempt = (setting: string) => refusal(() => load({ set: [setting] }))
  expect(await attempt('name')).toContain('CB_USAGE: --set name has no value')
  expect(await attempt('a..b=1')).toContain('CB_USAGE: "a..b" is not a path to a setting')
  expect(await attempt('targets.["a"].url=1')).toContain('is not a path to a setting')
  const secret = await attempt('targets.http.options.password=[hunter2')
  expect(secret).toContain('CB_USAGE: the value of --set targets.http.options.password cannot be read')
  expect(secret).not.toContain('hunter2')
})

it('reads values as YAML would, where they can only be data', () => {
  const read = (text: string) => parseScalar(text, '--set')
  expect(['5', '-1.5', 'true', 'null', '~', '"5"', "'a b'", '[a, {b: 1}]', '{a: [1]}'].map(read)).toEqual([
    5,
    -1.5,
    true,
    null,
    null,
    '5',
    'a b',
    ['a', { b: 1 }],
    { a: [1] },
  ])
  const texts = [
    '>= 10ms, < 25ms',
    '*',
    '&a',
    '!x',
    '| a',
    '%',
    '@x',
    'a: b',
    '500/s',
    '# x',
    'redis://u:p@h:1/0',
    '- a',
  ]
  expect(texts.map(read)).toEqual(texts)
})

it('writes values and paths so that they are read back', () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('5', 'null', 'true', '', '[a', '"', "'", ' a ', '~', '1e3', '0x1f'),
  )
  const data = fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(text),
    fc.dictionary(fc.string(), text),
  )
  fc.assert(
    fc.property(data, (value) => {
      expect(parseScalar(formatScalar(value), '')).toEqual(value)
    }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('a.b', 'a"b', '[0]', 'a=b', '')), { minLength: 1 }),
      (path) => {
        expect(parsePath(formatPath(path))).toEqual(path)
      },
    ),
  )
})
