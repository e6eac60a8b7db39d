import { expect, test } from 'vitest'
import { report } from '../src/report.ts'
import { resultOf, scenarioOf } from './result.ts'
import { cases, read } from './run.ts'

test('a run without a scenario is an error, not an empty file that nobody misses', () => {
  const { suites } = read(report(resultOf([])))
  expect(suites.map(cases)).toEqual([['completed error']])
})

test('what went wrong outside of scenarios has a suite of its own', () => {
  const errors = [
    { source: 'prometheus', during: 'run:end', message: 'no route\n  next: look' },
    { source: 'prometheus', during: 'run:end', message: 'again' },
    // this one stands with its scenario
    { source: 'worker 0', during: 'load', message: 'died', scenario: 'a' },
  ]
  const scenario = scenarioOf('a', { reason: 'errored', errors: [errors[2]!] })
  const { suites } = read(report(resultOf([scenario], { errors, reason: 'errored' })))
  expect(suites.map(cases)).toEqual([
    ['completed error', 'worker 0: load error'],
    ['prometheus: run:end error', 'prometheus: run:end (2) error'],
  ])
  const [error] = suites[1]!.children.find(({ name }) => name === 'testcase')!.children
  expect(error).toMatchObject({ attributes: { message: 'no route' }, text: 'no route\n  next: look' })
})

test('the same result makes the same file', () => {
  const result = resultOf([scenarioOf('b'), scenarioOf('a')])
  expect(report(result)).toBe(report(result))
})
