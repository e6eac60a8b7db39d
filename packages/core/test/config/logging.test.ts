import { expect, it } from 'vitest'
import type { Flags } from '../../src/config/flags.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import { loadTree, refusal, shown } from './project.ts'

const scenario = { target: 'http://a:1', driver: 'http' }

interface Written {
  readonly defaults?: unknown
  readonly log?: unknown
  readonly flags?: Flags
  readonly set?: readonly string[]
}

const loaded = ({ defaults, log, ...options }: Written) =>
  loadTree(
    {
      ...(defaults !== undefined && { defaults: { log: defaults } }),
      scenarios: { s: { ...scenario, ...(log !== undefined && { log }) } },
    },
    options,
  )

async function sample(written: Written): Promise<number | undefined> {
  return makePlan(await loaded(written)).scenarios[0]!.log?.sample
}

it.each<[what: string, written: Written, expected: number | undefined]>([
  ['nothing', {}, undefined],
  ['true', { log: true }, 1],
  ['a ratio', { log: '1/1' }, 1],
  ['a sample', { log: { sample: '1/100' } }, 0.01],
  ['a percentage', { log: '1%' }, 0.01],
  ['a default', { defaults: '1/4' }, 0.25],
  ['a default, overridden', { defaults: '1/4', log: '1/2' }, 0.5],
  ['a default, switched off', { defaults: true, log: false }, undefined],
  ['off', { defaults: true, log: 'off' }, undefined],
  ['a share of nothing', { log: 0 }, undefined],
  ['--log', { flags: { log: true } }, 1],
  ['--log where a share is written', { log: '1/100', flags: { log: true } }, 1],
  ['--log-sample', { flags: { logSample: '1/100' } }, 0.01],
  ['both', { flags: { log: true, logSample: '1/100' } }, 0.01],
  ['--set', { set: ['scenarios.s.log=true'] }, 1],
  ['--set of a sample', { set: ['defaults.log.sample=1/2'] }, 0.5],
])('%s', async (_, written, expected) => {
  expect(await sample(written)).toBe(expected)
})

it('is shown with where it was written', async () => {
  const config = await loaded({ flags: { logSample: '1/10' } })
  expect(shown(config, 'scenarios.s.log.sample')).toBe('1/10 (--log-sample)')
})

it.each<[written: Written, text: string]>([
  [{ log: '3/2' }, '"3/2" is not a ratio from 0 to 1'],
  [{ log: 'some' }, 'scenarios.s.log.sample (cloudbench.config.json:1:'],
  [{ log: { samples: 1 } }, 'did you mean sample?'],
  [{ flags: { logSample: 'every' } }, '--log-sample'],
])('refuses %j', async (written, text) => {
  expect(await refusal(() => sample(written))).toContain(text)
})
