import { CloudbenchError } from '../errors.ts'
import type { ScenarioPlan, Thresholds, VerdictPlan } from './plan.ts'
import type { Reader } from './reader.ts'
import type { Defaults, ScenarioTree } from './schema.ts'
import { thresholdUnits, type ThresholdName } from './threshold-units.ts'
import { parseThreshold } from './threshold.ts'

type Written = NonNullable<NonNullable<NonNullable<ScenarioTree['verdict']>['thresholds']>[ThresholdName]>

/** A scenario that says nothing of one part has it from the defaults. */
export function verdictOf(
  scenario: ScenarioTree,
  defaults: Defaults,
  read: Reader,
): Pick<ScenarioPlan, 'verdict'> {
  const [general = {}, own = {}] = [defaults.verdict, scenario.verdict]
  if (scenario.verdict === undefined && defaults.verdict === undefined) return {}
  const { allowInvalid = false, require = 'suspect' } = { ...general, ...own }
  const names = Object.keys(thresholdUnits) as ThresholdName[]
  const thresholds = Object.fromEntries(
    names.flatMap((name) => {
      const written = { ...general.thresholds?.[name], ...own.thresholds?.[name] }
      return Object.keys(written).length === 0 ? [] : [[name, thresholdsOf(name, written, read)]]
    }),
  )
  return { verdict: { required: require, isInvalidAllowed: allowInvalid, thresholds } }
}

function thresholdsOf(
  name: ThresholdName,
  written: Written,
  read: Reader,
): VerdictPlan['thresholds'][string] {
  const path = ['verdict', 'thresholds', name]
  const value = (key: 'suspect' | 'invalid'): number | null | undefined => {
    const text = written[key]
    const parse = (one: string | number): number | null => parseThreshold(one, thresholdUnits[name])
    return text === undefined ? undefined : read(parse, text, [...path, key])
  }
  const [suspectAbove, invalidAbove] = [value('suspect'), value('invalid')]
  if (typeof suspectAbove === 'number' && typeof invalidAbove === 'number' && suspectAbove > invalidAbove)
    throw new CloudbenchError({
      code: 'CB_CONFIG',
      what: `${read.at(path)}: it would be invalid (above ${written.invalid}) before it is suspect (above ${written.suspect})`,
      expected: 'a threshold for invalid that is at least as high as the one for suspect',
      next: 'exchange them, or write suspect: off',
    })
  const thresholds: { -readonly [Name in keyof Thresholds]?: Thresholds[Name] } = {}
  if (suspectAbove !== undefined) thresholds.suspectAbove = suspectAbove
  if (invalidAbove !== undefined) thresholds.invalidAbove = invalidAbove
  return thresholds
}
