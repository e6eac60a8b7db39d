import { expect, it } from 'vitest'
import type { Flags } from '../../src/config/flags.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import type { VerdictPlan } from '../../src/config/plan.ts'
import { thresholdUnits } from '../../src/config/threshold-units.ts'
import { signalTable } from '../../src/verdict/table.ts'
import { loadTree, refusal, shown } from './project.ts'

const scenario = { target: 'http://a:1', driver: 'http' }

interface Written {
  readonly defaults?: unknown
  readonly verdict?: unknown
  readonly flags?: Flags
  readonly set?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

const loaded = ({ defaults, verdict, ...options }: Written) =>
  loadTree(
    {
      ...(defaults !== undefined && { defaults: { verdict: defaults } }),
      scenarios: { s: { ...scenario, ...(verdict !== undefined && { verdict }) } },
    },
    options,
  )

async function planned(written: Written): Promise<VerdictPlan | undefined> {
  return makePlan(await loaded(written)).scenarios[0]!.verdict
}

const plain: VerdictPlan = { required: 'suspect', isInvalidAllowed: false, thresholds: {} }

it('is left to the built-in thresholds unless something is asked for', async () => {
  expect(await planned({})).toBeUndefined()
})

it.each<[what: string, written: Written, expected: Partial<VerdictPlan>]>([
  ['what numbers have to be', { verdict: { require: 'valid' } }, { required: 'valid' }],
  ['the same as one word', { verdict: 'valid' }, { required: 'valid' }],
  ['invalid numbers', { verdict: { allowInvalid: true } }, { isInvalidAllowed: true }],
  ['a default', { defaults: 'valid' }, { required: 'valid' }],
  ['a default, overridden', { defaults: 'valid', verdict: 'suspect' }, {}],
  [
    'a part of a default',
    { defaults: 'valid', verdict: { allowInvalid: true } },
    { required: 'valid', isInvalidAllowed: true },
  ],
  ['--require', { flags: { require: 'valid' } }, { required: 'valid' }],
  [
    '--allow-invalid, which keeps the rest',
    { verdict: 'valid', flags: { allowInvalid: true } },
    { required: 'valid', isInvalidAllowed: true },
  ],
  ['--set', { set: ['scenarios.s.verdict=valid'] }, { required: 'valid' }],
  ['--set of the defaults', { set: ['defaults.verdict.allowInvalid=true'] }, { isInvalidAllowed: true }],
  ['a variable', { env: { CLOUDBENCH_DEFAULTS__VERDICT__REQUIRE: 'valid' } }, { required: 'valid' }],
  [
    'a variable for a scenario',
    { env: { CLOUDBENCH_SCENARIOS__S__VERDICT__ALLOW_INVALID: 'true' } },
    { isInvalidAllowed: true },
  ],
])('takes %s', async (_, written, expected) => {
  expect(await planned(written)).toEqual({ ...plain, ...expected })
})

it.each<[what: string, written: Written, expected: VerdictPlan['thresholds']]>([
  [
    'of a share',
    { verdict: { thresholds: { steal: { suspect: '2%', invalid: '10%' } } } },
    { steal: { suspectAbove: 0.02, invalidAbove: 0.1 } },
  ],
  [
    'of a rate, a count, a duration and millionths',
    {
      verdict: {
        thresholds: {
          majorFaults: { suspect: '100/s' },
          swap: { invalid: '1k' },
          clockStep: { suspect: '10ms' },
          clockDrift: { suspect: '500ppm', invalid: 1000 },
        },
      },
    },
    {
      majorFaults: { suspectAbove: 100 },
      swap: { invalidAbove: 1000 },
      clockStep: { suspectAbove: 10e6 },
      clockDrift: { suspectAbove: 500, invalidAbove: 1000 },
    },
  ],
  [
    'that are off',
    { verdict: { thresholds: { steal: 'off', swap: { invalid: 'off' } } } },
    { steal: { suspectAbove: null, invalidAbove: null }, swap: { invalidAbove: null } },
  ],
  [
    'of the defaults, with a part overridden',
    {
      defaults: { thresholds: { steal: { suspect: '2%', invalid: '10%' }, ioPressure: 'off' } },
      verdict: { thresholds: { steal: { invalid: '20%' }, ioPressure: { suspect: '50%' } } },
    },
    {
      steal: { suspectAbove: 0.02, invalidAbove: 0.2 },
      ioPressure: { suspectAbove: 0.5, invalidAbove: null },
    },
  ],
  [
    'of --set',
    { set: ['defaults.verdict.thresholds.steal.suspect=3%', 'scenarios.s.verdict.thresholds.swap=off'] },
    { steal: { suspectAbove: 0.03 }, swap: { suspectAbove: null, invalidAbove: null } },
  ],
  [
    'of a variable',
    { env: { CLOUDBENCH_DEFAULTS__VERDICT__THRESHOLDS__CPU_PRESSURE__INVALID: '50%' } },
    { cpuPressure: { invalidAbove: 0.5 } },
  ],
])('takes thresholds %s', async (_, written, expected) => {
  expect((await planned(written))?.thresholds).toEqual(expected)
})

it('has thresholds for everything that a verdict watches, in its units', () => {
  expect(Object.entries(thresholdUnits)).toEqual(signalTable.map(({ name, unit }) => [name, unit]))
})

it('is shown with where it was written', async () => {
  const config = await loaded({
    defaults: { require: 'valid', thresholds: { steal: 'off' } },
    flags: { allowInvalid: true },
  })
  expect(shown(config, 'defaults.verdict.require')).toMatch(/^valid \(cloudbench.config.json/)
  expect(shown(config, 'defaults.verdict.thresholds.steal.invalid')).toMatch(/^off \(cloudbench.config.json/)
  expect(shown(config, 'scenarios.s.verdict.allowInvalid')).toBe('true (--allow-invalid)')
})

it.each<[written: Written, text: string]>([
  [{ verdict: 'vaild' }, 'did you mean valid?'],
  [{ flags: { require: 'invalid' } }, '--require is "invalid"'],
  [{ verdict: { alowInvalid: true } }, 'did you mean allowInvalid?'],
  [{ verdict: { thresholds: { stael: 'off' } } }, 'did you mean steal?'],
  [{ verdict: { thresholds: { steal: { suspect: 5 } } } }, 'write 5%'],
  [{ verdict: { thresholds: { steal: { suspct: '5%' } } } }, 'did you mean suspect?'],
  [{ verdict: { thresholds: { steal: '5%' } } }, 'expected: a map'],
  [{ verdict: { thresholds: { swap: { suspect: 'some' } } } }, '"some" is not a count'],
  [{ verdict: { thresholds: { clockDrift: { suspect: '5%' } } } }, 'such as 100ppm'],
  [
    { verdict: { thresholds: { steal: { suspect: '5%', invalid: '1%' } } } },
    'it would be invalid (above 1%) before it is suspect (above 5%)',
  ],
  [
    {
      defaults: { thresholds: { steal: { invalid: '1%' } } },
      verdict: { thresholds: { steal: { suspect: '5%' } } },
    },
    'scenarios.s.verdict.thresholds.steal (cloudbench.config.json:1:',
  ],
  [{ set: ['defaults.verdict.thresholds.stael.suspect=1%'] }, 'did you mean steal?'],
])('refuses %j, and says where and what is expected', async (written, text) => {
  expect(await refusal(() => planned(written))).toContain(text)
})
