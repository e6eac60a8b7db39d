import { runOf, type RunName } from '@cloudbench/testkit/runs'
import type { Attributes } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { validityReadings } from '../src/metrics/readings.ts'

/** Name and attributes of each reading of one scenario. */
function readings(run: RunName, scenario = 0): (readonly [string, Attributes])[] {
  return validityReadings(runOf(run).scenarios[scenario]!).map(
    ({ instrument, attributes }) => [instrument.name, attributes] as const,
  )
}

test('a scenario has a point that says what its numbers are worth', () => {
  expect(readings('doubtful', 1)[0]).toEqual([
    'cloudbench.scenario.validity',
    { 'cloudbench.scenario': 'neighbours', 'cloudbench.validity': 'suspect' },
  ])
  expect(readings('passed')).toEqual([])
})

test('so do rate and quantiles of each flow, but not of operations', () => {
  const numbers = readings('doubtful', 1).filter(([name]) => name === 'cloudbench.number.validity')
  expect(numbers).toHaveLength(9)
  expect(numbers.map(([, attributes]) => attributes)).toContainEqual({
    'cloudbench.scenario': 'neighbours',
    'cloudbench.flow': 'main',
    'cloudbench.metric': 'response.p99',
    'cloudbench.validity': 'suspect',
  })
})
