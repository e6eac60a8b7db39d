import { expect, it } from 'vitest'
import { makePlan } from '../../src/config/make-plan.ts'
import { load, refusal, shown } from './project.ts'

type Given = Parameters<typeof load>[0]

const files = {
  'cloudbench.config.yaml': `target: http
reporters:
  - default
  - [junit, { file: a.xml, labels: { region: eu } }]
  - '@cloudbench/reporter-prometheus'
environment:
  - [memory, { share: 1 }]
`,
}

/** The options of every plugin, by its name. */
async function options(given: Given, list: 'reporters' | 'environment' = 'reporters'): Promise<unknown> {
  const plan = makePlan(await load({ files, ...given }))
  return Object.fromEntries(
    plan[list].map((ref) => ('specifier' in ref ? [ref.specifier, ref.options] : ['inline', ref])),
  )
}

it('sets an option of a reporter by its name, with a variable or with --set', async () => {
  const prometheus = '@cloudbench/reporter-prometheus'
  const url = 'http://push:9091'
  for (const given of [
    { set: [`reporters.prometheus.pushgateway=${url}`] },
    { env: { CLOUDBENCH_REPORTERS__PROMETHEUS__PUSHGATEWAY: url } },
  ])
    expect(await options(given)).toEqual({
      default: {},
      junit: { file: 'a.xml', labels: { region: 'eu' } },
      [prometheus]: { pushgateway: url },
    })
})

it('keeps the other options, makes maps, removes with null, and knows the spelling of a variable', async () => {
  const env = {
    CLOUDBENCH_REPORTERS__JUNIT__FILE: 'b.xml',
    CLOUDBENCH_REPORTERS__JUNIT__LABELS__ZONE: 'a',
    CLOUDBENCH_REPORTERS__JUNIT__LABELS__REGION: 'null',
    CLOUDBENCH_REPORTERS__JUNIT__FLUSH_EVERY: '5',
  }
  expect(await options({ env })).toMatchObject({
    junit: { file: 'b.xml', labels: { zone: 'a' }, flushEvery: 5 },
  })
  expect(await options({ set: ['reporters.default.deep.deeper=[1, 2]'] })).toMatchObject({
    default: { deep: { deeper: [1, 2] } },
  })
})

it('reaches reporters that a flag chooses, whose own options stand above variables and below --set', async () => {
  const env = { CLOUDBENCH_REPORTERS__JUNIT__FILE: 'v.xml' }
  expect(await options({ env, reporters: ['junit'] })).toEqual({ junit: { file: 'v.xml' } })
  const reporters = [['junit', { file: 'f.xml', other: 1 }]] as const
  expect(await options({ env, reporters })).toEqual({ junit: { file: 'f.xml', other: 1 } })
  expect(await options({ env, reporters, set: ['reporters.junit.file=s.xml'] })).toEqual({
    junit: { file: 's.xml', other: 1 },
  })
  const bare = { env, set: ['reporters.junit.a=1', 'reporters.junit.b=2'], reporters: ['junit'] }
  expect(await options(bare)).toEqual({ junit: { file: 'v.xml', a: 1, b: 2 } })
})

it('does not overrule the config hook with a variable', async () => {
  const onDraft = (draft: Record<string, unknown>): void =>
    void (draft['reporters'] = [['junit', { file: 'h.xml' }]])
  const env = { CLOUDBENCH_REPORTERS__JUNIT__FILE: 'v.xml' }
  expect(await options({ env, onDraft })).toEqual({ junit: { file: 'h.xml' } })
})

it('does the same for environment plugins', async () => {
  const env = { CLOUDBENCH_ENVIRONMENT__MEMORY__HUGE_PAGES: 'true' }
  const set = ['environment.memory.share=2']
  expect(await options({ env, set }, 'environment')).toEqual({ memory: { hugePages: true, share: 2 } })
})

it('leaves reporters written in code as they are', async () => {
  const mine = { name: 'mine', onRunEnd: () => {} }
  const onDraft = (draft: Record<string, unknown>): void => void (draft['reporters'] = [mine, 'junit'])
  const plan = makePlan(await load({ files, onDraft, set: ['reporters.junit.file=s.xml'] }))
  expect(plan.reporters).toEqual([mine, { specifier: 'junit', options: { file: 's.xml' } }])
})

it('shows where an option comes from', async () => {
  const config = await load({ files, set: ['reporters.junit.file=s.xml'] })
  expect(shown(config, 'reporters')).toMatch(
    /"file":"s\.xml".* \(cloudbench\.config\.yaml:2:1, with file of --set\)$/,
  )
  const env = { CLOUDBENCH_REPORTERS__JUNIT__FLUSH_EVERY: '5' }
  expect(shown(await load({ files, env }), 'reporters')).toMatch(
    /, with flushEvery of CLOUDBENCH_REPORTERS__JUNIT__FLUSH_EVERY\)$/,
  )
})

it.each<[string, Given, RegExp]>([
  [
    'a reporter that is not chosen',
    { set: ['reporters.promtheus.pushgateway=http://a'] },
    /^CB_CONFIG: reporters\.promtheus\.pushgateway \(--set\) is an option of a plugin that is not chosen\n.*one of default, junit, prometheus\n.*did you mean prometheus\?/,
  ],
  [
    'a variable for a reporter that is not chosen',
    { env: { CLOUDBENCH_REPORTERS__HTML__FILE: 'a' } },
    /\(CLOUDBENCH_REPORTERS__HTML__FILE\) is an option of a plugin that is not chosen\n.*\n.*choose it: --reporter html/,
  ],
  ['an option of no list', { set: ['reporters.x.y=1'], files: {}, builtIn: {} }, /a plugin in reporters/],
  ['no option', { set: ['reporters.junit={a: 1}'] }, /reporters\.junit has no value of its own \(--set\)/],
  [
    'one of two',
    { reporters: ['junit', ['junit', { file: 'b' }]], set: ['reporters.junit.file=c'] },
    /junit is chosen 2 times/,
  ],
  ['an unsafe key', { set: ['reporters.junit.__proto__.polluted=1'] }, /__proto__/],
])('refuses %s', async (_name, given, message) => {
  expect(await refusal(() => options(given))).toMatch(message)
})

it('still takes the place of an element, beside reporters written in code', async () => {
  const mine = { name: 'mine', onRunEnd: () => {} }
  const onDraft = (draft: Record<string, unknown>): void =>
    void (draft['reporters'] = [mine, ['junit', { file: 'a' }]])
  const plan = makePlan(await load({ files, onDraft, set: ['reporters[1][1].file=b'] }))
  expect(plan.reporters).toEqual([mine, { specifier: 'junit', options: { file: 'b' } }])
  expect(await options({ set: ['reporters[1][1].file=c.xml'] })).toMatchObject({ junit: { file: 'c.xml' } })
})
