import { readFile } from 'node:fs/promises'
import type { MetricUnit, NumberVerdict, Verdict } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { play } from './replay.ts'

const us = 1_000
const verdict: Verdict = {
  validity: 'suspect',
  reasons: [
    {
      code: 'GENERATOR_BUSY',
      validity: 'suspect',
      text: 'the generator was busy 87 % of the time',
      advice: 'use more workers (--workers) or a lower rate (--rate)',
      observed: 0.87,
      threshold: 0.7,
      unit: 'share',
    },
  ],
  numbers: [
    number('rate', 'perSecond', 50, [49.2, 50.8]),
    number('response.p50', 'ns', 899 * us, [871 * us, 926 * us]),
    number('response.p90', 'ns', 1_200 * us, [1_160 * us, 1_240 * us]),
    number('response.p99', 'ns', 1_290 * us, [1_230 * us, null], {
      validity: 'suspect',
      codes: ['GENERATOR_BUSY'],
    }),
    number('response.p99.9', 'ns', 1_300 * us, [1_240 * us, null], {
      grade: 'not established',
      validity: 'suspect',
      codes: ['TOO_FEW_SAMPLES'],
    }),
  ],
  steadyStates: [{ flow: 'main', kind: 'flat', steadyFromMs: 0 }],
  signals: ['steal', 'run delay'].map((name, at) => ({
    name,
    validity: at === 0 ? 'valid' : 'unknown',
    suspectAbove: 0.01,
    invalidAbove: 0.05,
    unit: 'share',
  })),
  required: 'suspect',
  isInvalidAllowed: false,
}

function number(
  metric: string,
  unit: MetricUnit,
  value: number,
  [low, high]: readonly [number, number | null],
  rest: Partial<NumberVerdict> = {},
): NumberVerdict {
  return { flow: 'main', metric, unit, value, interval: { low, high }, validity: 'valid', codes: [], ...rest }
}

test('the example of the README is what is printed', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, example] = /## Example\n\n```text\n(.*?)```/s.exec(readme) ?? []
  const printed = await play({
    columns: 120,
    durationMs: 20_000,
    intervalMs: 1_000,
    live: false,
    isShared: true,
    generator: { busy: 0.87 },
    verdict,
    checks: [
      { name: 'response.p99', scenario: 'reads', status: 'passed', expected: '< 25ms', actual: '1.29 ms' },
    ],
    audits: [
      {
        name: 'acknowledged writes are stored',
        status: 'passed',
        examined: 100,
        violations: 0,
        flow: 'main',
      },
    ],
  })
  expect(example).toBe(`${printed.slice(printed.indexOf('reads  PASSED')).trimEnd()}\n`)
})
