import { runOf, type RunName } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import { families } from '../src/families.ts'
import { begun, withEnd, withPhaseEnd } from '../src/progress.ts'

/** The series of a metric at the end of one scenario of a run: labels and values. */
function seriesOf(name: string, run: RunName, scenario = 0): unknown[] {
  const result = runOf(run)
  const own = result.scenarios[scenario]!
  const measured = own.phases.reduce(withPhaseEnd, begun(result.run, own.scenario))
  const family = families.find((one) => one.name === name)!
  return [...family.read(withEnd(measured, own))].map((sample) => [
    sample.labels,
    'value' in sample ? sample.value : sample.histogram.count,
  ])
}

test('the validity of a scenario is a series for each word, and 1 for one of them', () => {
  expect(seriesOf('cloudbench_validity', 'doubtful', 1)).toEqual([
    [{ validity: 'valid' }, 0],
    [{ validity: 'suspect' }, 1],
    [{ validity: 'invalid' }, 0],
    [{ validity: 'unknown' }, 0],
  ])
})

test('before a scenario has ended, and in results of older versions, there is none', () => {
  const { run, scenarios } = runOf('doubtful')
  const family = families.find(({ name }) => name === 'cloudbench_validity')!
  expect([...family.read(begun(run, scenarios[0]!.scenario))]).toEqual([])
  expect(seriesOf('cloudbench_validity', 'passed')).toEqual([])
  expect(seriesOf('cloudbench_signals_read', 'passed')).toEqual([])
})

test('each code is a series', () => {
  expect(seriesOf('cloudbench_verdict_reason', 'doubtful', 1)).toEqual([
    [{ code: 'CPU_STEAL', validity: 'suspect' }, 1],
    [{ code: 'NOT_STEADY', validity: 'suspect' }, 1],
    [{ code: 'TOO_FEW_SAMPLES', validity: 'suspect' }, 1],
  ])
})

test('rate and quantiles of a flow are 1 where they are valid, 0 where not, and NaN where that is unknown', () => {
  const series = seriesOf('cloudbench_number_valid', 'doubtful', 1)
  expect(series).toHaveLength(9)
  expect(series).toContainEqual([{ flow: 'main', metric: 'response.p50' }, 1])
  expect(series).toContainEqual([{ flow: 'main', metric: 'response.p99' }, 0])
  expect(seriesOf('cloudbench_number_valid', 'doubtful', 2)).toContainEqual([
    { flow: 'main', metric: 'rate' },
    Number.NaN,
  ])
})

test('coverage is how many signals were read', () => {
  expect(seriesOf('cloudbench_signals_read', 'doubtful')).toEqual([[{}, 3]])
  expect(seriesOf('cloudbench_signals_known', 'doubtful')).toEqual([[{}, 4]])
})

test('a check that stands on an invalid number neither passed nor failed', () => {
  expect(seriesOf('cloudbench_check_passed', 'invalid', 1)).toEqual([
    [{ check: 'response.p50' }, 0],
    [{ check: 'response.p99' }, Number.NaN],
    [{ check: 'rate' }, 1],
  ])
  expect(seriesOf('cloudbench_verdict', 'invalid')).toContainEqual([{ reason: 'invalid' }, 1])
})

test('hiccups are a histogram, and collections are told by kind', () => {
  expect(seriesOf('cloudbench_generator_hiccup_seconds', 'allowed')).toEqual([[{}, 200]])
  expect(seriesOf('cloudbench_generator_gc_kind_seconds_total', 'allowed')).toEqual([
    [{ worker: '0', kind: 'minor' }, 0.001_25],
    [{ worker: '0', kind: 'major' }, 0.002],
    [{ worker: '0', kind: 'incremental' }, 0],
    [{ worker: '0', kind: 'weak' }, 0],
  ])
})
