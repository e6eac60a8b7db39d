import { flatLine } from '@cloudbench/core'
import { runNames, runOf, tell } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'

type Line = Readonly<Record<string, unknown>> & { readonly event: string }

const linesIn = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

test('a line for everything that happens, in order, and the first one says what they are', async () => {
  const { stdout, stderr, files } = await tell(reporter, runOf('passed'))
  expect([stderr, files.size]).toEqual(['', 0])
  const lines = linesIn(stdout)
  expect(lines.map(({ event }) => event)).toEqual([
    'run-start',
    'scenario-start',
    'phase-start',
    'interval',
    'interval',
    'phase-end',
    'phase-start',
    'interval',
    'interval',
    'interval',
    'phase-end',
    'scenario-end',
    'run-end',
  ])
  expect(lines[0]).toMatchObject({ format: 'cloudbench-ndjson', version: 1, run: runOf('passed').run.id })
  expect(lines[7]).toMatchObject({
    scenario: 'reads',
    phase: 'measure',
    kind: 'measure',
    start_sec: 0,
    end_sec: 1,
    missing: 0,
    flows: [
      {
        flow: 'main',
        sent: 100,
        ok: 100,
        errors: 0,
        rate_per_sec: 100,
        outcomes: [{ outcome: 'hit', count: 100, ok: true }],
        operations: [
          { operation: 'get', sent: 90 },
          { operation: 'set', sent: 10 },
        ],
      },
    ],
    generators: [{ worker: 0 }],
  })
})

test.each(runNames)('%s: intervals add up to their phase, and the ends say the result', async (name) => {
  const result = runOf(name)
  const lines = linesIn((await tell(reporter, result)).stdout)
  const sent = ({ flows }: Line): number =>
    (flows as { sent: number }[]).reduce((sum, flow) => sum + flow.sent, 0)
  const intervals = lines.filter(({ event }) => event === 'interval')
  const ends = lines.filter(({ event }) => event === 'phase-end')
  expect(intervals.reduce((sum, line) => sum + sent(line), 0)).toBe(
    ends.reduce((sum, line) => sum + sent(line), 0),
  )
  expect(lines.filter(({ event }) => event === 'scenario-end')).toMatchObject(
    result.scenarios.map((scenario) => ({
      result: scenario.reason,
      latency_p99_ms: flatLine(scenario).latency_p99_ms,
      checks: scenario.checks.map(({ status }) => ({ status })),
      audits: scenario.audits.map(({ status }) => ({ status })),
    })),
  )
  expect(lines.at(-1)).toMatchObject({ event: 'run-end', result: result.reason, exit: result.exitCode })
})

test('in a file, the lines are the same, and those of an earlier run are gone', async () => {
  const { stdout } = await tell(reporter, runOf('failed'))
  const {
    files,
    stdout: nothing,
    log,
  } = await tell(reporter, runOf('failed'), { options: { file: 'a.ndjson' } })
  expect([nothing, files.get('a.ndjson')]).toEqual(['', stdout])
  expect(log).toEqual(['lines: a.ndjson in /output'])
})

test('no line has a character that a terminal obeys, or another line in it', async () => {
  const { stdout } = await tell(reporter, runOf('unicode'))
  // eslint-disable-next-line no-control-regex
  expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/)
  expect(linesIn(stdout)[0]).toMatchObject({ event: 'run-start' })
})

test('a secret that is a word of the format does not take it apart', async () => {
  const { files } = await tell(reporter, runOf('passed'), {
    options: { file: 'a.ndjson' },
    redact: (text) => text.replaceAll('sent', '***').replaceAll('reads', '***'),
  })
  const lines = linesIn(files.get('a.ndjson')!)
  expect(lines[3]).toMatchObject({ scenario: '***', flows: [{ sent: 100 }] })
})
