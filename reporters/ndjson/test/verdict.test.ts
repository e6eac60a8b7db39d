import { runOf, tell, type RunName } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'

interface Line {
  readonly event: string
  readonly [key: string]: unknown
}

async function linesOf(run: RunName, event: string): Promise<Line[]> {
  const { stdout } = await tell(reporter, runOf(run))
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.event === event)
}

test('the end of a scenario has its verdict: each reason and each number', async () => {
  const [, neighbours] = await linesOf('doubtful', 'scenario-end')
  expect(neighbours).toMatchObject({
    verdict: 'suspect',
    verdict_reasons: ['CPU_STEAL', 'NOT_STEADY', 'TOO_FEW_SAMPLES'],
    judgement: {
      validity: 'suspect',
      limited_by: null,
      required: 'suspect',
      invalid_allowed: false,
      reasons: [
        {
          code: 'CPU_STEAL',
          validity: 'suspect',
          observed: 0.12,
          threshold: 0.01,
          unit: 'share',
          window: { phase: 'measure', start_ms: 1000, end_ms: 2000 },
        },
        { code: 'NOT_STEADY', observed: null, window: null },
        { code: 'TOO_FEW_SAMPLES' },
      ],
      steady_states: [{ flow: 'main', kind: 'slowdown', drift: 0.08 }],
    },
    checks: [{ validity: 'suspect' }, { validity: 'suspect' }],
  })
  const { numbers } = neighbours!['judgement'] as { readonly numbers: readonly unknown[] }
  expect(numbers).toContainEqual({
    flow: 'main',
    operation: null,
    metric: 'rate',
    unit: 'perSecond',
    value: 100,
    low: 98,
    high: 102,
    grade: null,
    lower_bound: false,
    validity: 'suspect',
    codes: ['CPU_STEAL', 'NOT_STEADY'],
  })
})

test('signals that could not be read say why', async () => {
  const [first] = await linesOf('doubtful', 'scenario-end')
  expect(first).toMatchObject({
    judgement: {
      signals: [
        { name: 'steal', validity: 'valid', suspect_above: 0.01 },
        {},
        {},
        {
          name: 'credits',
          validity: 'unknown',
          observed: null,
          missing: 'no environment samples cpu.credits',
        },
      ],
    },
  })
})

test('a result of an older version has none', async () => {
  const [first] = await linesOf('passed', 'scenario-end')
  expect(first).toMatchObject({ verdict: null, judgement: null })
})

test('an interval has hiccups and the kinds of garbage collection of each worker', async () => {
  const [first] = await linesOf('passed', 'interval')
  expect(first).toMatchObject({
    generators: [{ gc_ms: 3.25, gc_minor_ms: 1.25, gc_major_ms: 2, hiccup: { count: 200, p99_ms: 0.2 } }],
  })
})
