import { expect, it } from 'vitest'
import type { Flags } from '../../src/config/flags.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import type { Tracing } from '../../src/plugin/model.ts'
import { loadTree, refusal, shown } from './project.ts'

const scenario = { target: 'http://a:1', driver: 'http' }

interface Written {
  readonly defaults?: unknown
  readonly trace?: unknown
  readonly flags?: Flags
  readonly set?: readonly string[]
}

const loaded = ({ defaults, trace, ...options }: Written) =>
  loadTree(
    {
      ...(defaults !== undefined && { defaults: { trace: defaults } }),
      scenarios: { s: { ...scenario, ...(trace !== undefined && { trace }) } },
    },
    options,
  )

async function tracing(written: Written): Promise<Tracing | undefined> {
  return makePlan(await loaded(written)).scenarios[0]!.trace
}

it('is off unless it is asked for', async () => {
  expect(await tracing({})).toBeUndefined()
  // how, but not whether
  expect(await tracing({ defaults: { propagate: false } })).toBeUndefined()
})

it.each<[what: string, written: Written, expected: Tracing | undefined]>([
  ['a ratio', { trace: '1/100' }, { ratio: 0.01, propagate: true }],
  ['a percentage', { trace: '1%' }, { ratio: 0.01, propagate: true }],
  ['a number', { trace: 1 }, { ratio: 1, propagate: true }],
  ['none sampled, but all told', { trace: 0 }, { ratio: 0, propagate: true }],
  ['a map', { trace: { ratio: '1/2', propagate: false } }, { ratio: 0.5, propagate: false }],
  ['a default', { defaults: '1/4' }, { ratio: 0.25, propagate: true }],
  ['a default, overridden', { defaults: '1/4', trace: '1/2' }, { ratio: 0.5, propagate: true }],
  [
    'a part of a default',
    { defaults: '1/4', trace: { propagate: false } },
    { ratio: 0.25, propagate: false },
  ],
  ['a default, switched off', { defaults: '1/4', trace: 'off' }, undefined],
  ['a flag', { flags: { trace: '1/10' } }, { ratio: 0.1, propagate: true }],
  [
    'a flag, which keeps the rest',
    { trace: { propagate: false }, flags: { trace: '1' } },
    { ratio: 1, propagate: false },
  ],
  ['a flag that switches off', { trace: '1/10', flags: { trace: 'off' } }, undefined],
  ['--set, whole', { set: ['scenarios.s.trace=1/10'] }, { ratio: 0.1, propagate: true }],
  [
    '--set, in part',
    { trace: '1/10', set: ['scenarios.s.trace.propagate=false'] },
    { ratio: 0.1, propagate: false },
  ],
  ['--set of the defaults', { set: ['defaults.trace.ratio=1%'] }, { ratio: 0.01, propagate: true }],
  ['--set that removes', { trace: '1/10', set: ['scenarios.s.trace=null'] }, undefined],
])('takes %s', async (_, written, expected) => {
  expect(await tracing(written)).toEqual(expected)
})

it('is shown with where it was written', async () => {
  const config = await loaded({ defaults: '1/4', flags: { trace: '1/10' } })
  expect(shown(config, 'scenarios.s.trace.ratio')).toBe('1/10 (--trace)')
  expect(shown(config, 'defaults.trace.ratio')).toMatch(/^1\/4 \(cloudbench.config.json/)
})

it.each<[written: Written, text: string]>([
  [{ trace: '3/2' }, '"3/2" is not a ratio from 0 to 1'],
  [{ trace: 'often' }, 'scenarios.s.trace.ratio (cloudbench.config.json:1:'],
  [{ defaults: { ratio: -1 } }, 'such as 1/100, 1% or 0.01'],
  [{ trace: { propagate: false } }, 'scenarios.s.trace (cloudbench.config.json:1:'],
  [{ trace: { propagate: false } }, 'has no ratio'],
  [{ trace: { ratios: '1/2' } }, 'did you mean ratio?'],
  [{ trace: { ratio: 1, propagate: 'yes' } }, 'expected: a boolean'],
  [{ flags: { trace: '1/0' } }, '--trace: "1/0" is not a ratio'],
  [{ set: ['scenarios.s.trace.ration=1'] }, 'did you mean ratio?'],
])('refuses %j, and says where and what is expected', async (written, text) => {
  expect(await refusal(() => tracing(written))).toContain(text)
})
