import { convertJUnitToCTRFReport } from 'junit-to-ctrf'
import { parse } from 'junit2json'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runAndRead } from './run.ts'

const steady = { target: 'server', rate: '100/s', connections: 2 } as const
const scenarios = {
  good: { ...steady, checks: { 'errors.rate': '< 1%' } },
  slow: { ...steady, checks: { 'response.p50': '< 1ns', rate: '>= 1/s' } },
  away: { ...steady, workload: 'unreachable', checks: { rate: '>= 1/s' } },
} as const

test('junit2json reads what is there', async () => {
  const { file } = await runAndRead(scenarios)
  const output = await parse(await readFile(file, 'utf8'))
  expect(output).toMatchObject({
    name: 'cloudbench',
    tests: 6,
    failures: 1,
    errors: 2,
    testsuite: [
      {
        name: 'good',
        tests: 1,
        failures: 0,
        testcase: [{ name: 'errors.rate < 1%', classname: 'cloudbench.good' }],
      },
      { name: 'slow', tests: 2, failures: 1 },
      { name: 'away', tests: 3, errors: 2, skipped: 1 },
    ],
  })
})

test('junit-to-ctrf reads what is there', async () => {
  const { file } = await runAndRead(scenarios)
  const { results } = (await convertJUnitToCTRFReport(file, { log: false }))!
  expect(results.summary).toMatchObject({ tests: 6, passed: 2, failed: 3, skipped: 1 })
  expect(results.tests.map(({ status }) => status)).toEqual([
    'passed',
    'failed',
    'passed',
    'failed',
    'skipped',
    'failed',
  ])
})
