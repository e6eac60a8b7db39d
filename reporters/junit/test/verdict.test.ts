import { runOf, tell, type RunName } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'
import { readBack, type ReadSuite } from './read-back.ts'

/** The suites of a run, by the name of their scenario. */
async function suitesOf(run: RunName): Promise<Map<string, ReadSuite>> {
  const { files } = await tell(reporter, runOf(run))
  return new Map((await readBack(files.get('junit.xml')!)).map((suite) => [suite.name, suite]))
}

test('a scenario whose numbers can be believed has a verdict that passed, with what is not quite right', async () => {
  const suite = (await suitesOf('doubtful')).get('reads')
  expect(suite?.verdict).toMatchObject({ name: 'verdict', outcome: 'passed' })
  expect(suite?.verdict?.text).toMatch(/^valid: the load thread was held up/)
  expect(suite?.verdict?.text).toContain(
    'GENERATOR_LAG: the load thread was held up: p99.9 of its hiccups is 62 % of the response p99.9 (invalid above 50 %, worst from 1 s to 2 s of measure): use more workers',
  )
  expect(suite?.verdict?.text).toMatch(/\n3 of 4 signals read$/)
})

test('doubtful numbers, and those of which nothing is known, are neither green nor a failure: skipped', async () => {
  const suites = await suitesOf('doubtful')
  expect(suites.get('neighbours')?.verdict).toMatchObject({
    outcome: 'skipped',
    message: 'suspect: this machine did not get 12 % of the CPU time that it asked for',
  })
  expect(suites.get('unseen')?.verdict).toMatchObject({
    outcome: 'skipped',
    message: 'unknown: 0 of 4 signals read',
  })
  for (const { attributes } of suites.values())
    expect(attributes).toMatchObject({ failures: '0', errors: '0' })
})

test('numbers that cannot be believed are an error', async () => {
  const suite = (await suitesOf('invalid')).get('reads')
  expect(suite?.verdict).toMatchObject({
    outcome: 'error',
    message: 'invalid: the generator sent 81 % of what came due, and was busy 97 % of the time',
  })
  expect(suite?.verdict?.text).toContain('\nlimited by: generator\n')
})

test('doubtful numbers are an error where only valid ones were to pass', async () => {
  const suite = (await suitesOf('invalid')).get('strict')
  expect(suite?.verdict?.outcome).toBe('error')
  expect(suite?.cases).toMatchObject([{ name: 'check response.p99', outcome: 'error' }])
})

test('a check that stands on an invalid number is an error, one that is broken all the same a failure', async () => {
  expect((await suitesOf('invalid')).get('overload')?.cases).toMatchObject([
    { name: 'check response.p50', outcome: 'failure' },
    {
      name: 'check response.p99',
      outcome: 'error',
      message: 'at least 0.3 ms, for the target was saturated, expected < 25ms',
    },
    { name: 'check rate', outcome: 'passed' },
  ])
})

test('invalid numbers that were allowed are skipped, and say so', async () => {
  const suite = (await suitesOf('allowed')).get('reads')
  expect(suite?.verdict).toMatchObject({ outcome: 'skipped' })
  expect(suite?.verdict?.message).toMatch(/^invalid, which was allowed: the generator sent 81 %/)
})

test('properties have the intervals, the coverage, and how each number stands that is not valid', async () => {
  const { properties } = (await suitesOf('doubtful')).get('neighbours')!
  expect(properties).toMatchObject({
    verdict: 'suspect',
    verdict_reasons: 'CPU_STEAL NOT_STEADY TOO_FEW_SAMPLES',
    tps_low: '98',
    tps_high: '102',
    signals_read: '3',
    signals_known: '4',
    'validity.rate': 'suspect',
    'validity.response.p99': 'suspect',
  })
  expect(properties).not.toHaveProperty('validity.response.p50')
  expect((await suitesOf('invalid')).get('overload')?.properties).toMatchObject({ limited_by: 'target' })
})

test('a result of an older version has no verdict', async () => {
  expect((await suitesOf('passed')).get('reads')?.verdict).toBeUndefined()
})
