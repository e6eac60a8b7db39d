import { runOf, type RunName } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import { partsOf } from '../src/page.ts'
import { reportOf } from '../src/report.ts'

/** The text of the page, as people read it. */
function textOf(run: RunName): string {
  return htmlOf(run)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&#62;', '>')
    .replaceAll(/\s+/g, ' ')
}

function htmlOf(run: RunName): string {
  return partsOf(reportOf(runOf(run)), (text) => text).html
}

test('each scenario has a badge for its verdict', () => {
  const text = textOf('doubtful')
  expect(text).toContain('reads ✓ passed ✓ verdict valid')
  expect(text).toContain('neighbours ✓ passed ~ verdict suspect')
  expect(text).toContain('unseen ✓ passed – verdict unknown')
  expect(textOf('invalid')).toContain('reads ? invalid ? verdict invalid')
})

test('each reason has its code, what was seen, its threshold, when, and what to do', () => {
  expect(textOf('doubtful')).toContain(
    'CPU_STEAL ~ suspect this machine did not get 12 % of the CPU time that it asked for 12 % 1 % worst from 1 s to 2 s of measure use a larger or a dedicated instance, or repeat the run at another time',
  )
})

test('what was watched has thresholds, and says why something is unknown', () => {
  const text = textOf('doubtful')
  expect(text).toContain('What was watched: 3 of 4 signals read')
  expect(text).toContain('steal ✓ valid 0.4 % 1 % 5 %')
  expect(text).toContain('credits – unknown no environment samples cpu.credits')
})

test('numbers have a sign where they are not to be taken as they are, and intervals', () => {
  const text = textOf('doubtful')
  expect(text).toMatch(/p99\.9 \?≥ 289 µs/)
  expect(text).toContain('response, 95 % 233–248 µs 227–249 µs')
  expect(text).toMatch(/Rate ~ ?100\/s of 100\/s requested ?, 95 %: 98–102\/s/)
  expect(text).toContain('? does not measure the target, ≥ at least')
})

test('times of a target that was saturated are no numbers', () => {
  const flow = textOf('invalid')
  expect(flow).toMatch(/p50 saturated response p99 saturated response/)
  expect(flow).toContain('Limited by the target.')
})

test('a check that stands on an invalid number is told first, and has no bar', () => {
  const text = textOf('invalid')
  expect(text).toContain('response.p99 cannot be judged: it is at least 0.3 ms, for the target was saturated')
  expect(htmlOf('invalid')).not.toContain('class="bar invalid"')
})

test('clients side by side: signs at their numbers, and at how many times the first they are', () => {
  const run = runOf('doubtful')
  const scenarios = run.scenarios.map((result) => ({
    ...result,
    scenario: { ...result.scenario, comparison: 'lanes' },
  }))
  const { html } = partsOf(reportOf({ ...run, scenarios }), (text) => text)
  const [table] = /<section id="comparison"[^]*?<\/table>/.exec(html)!
  const [, row] = /(<tr>(?:(?!<tr>)[^])*neighbours[^]*?<\/tr>)/.exec(table)!
  const cells = Array.from(row!.matchAll(/<td[^>]*>([^]*?)<\/td>/g), ([, cell]) =>
    cell!
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
  expect(cells.filter((cell) => /^[~?≥]/.test(cell))).toMatchInlineSnapshot(`
    [
      "~ suspect",
      "~100/s",
      "~288 µs",
      "~1×",
      "≥289 µs",
    ]
  `)
})

test('clients side by side: times of a target that was saturated are not compared', () => {
  const run = runOf('invalid')
  const scenarios = run.scenarios.map((result) => ({
    ...result,
    scenario: { ...result.scenario, comparison: 'lanes' },
  }))
  const { html } = partsOf(reportOf({ ...run, scenarios }), (text) => text)
  const [table] = /<section id="comparison"[^]*?<\/table>/.exec(html)!
  const [, row] = /(<tr>(?:(?!<tr>)[^])*overload[^]*?<\/tr>)/.exec(table)!
  expect(row).toContain('saturated')
  expect(row).not.toContain('×')
})

test('what was asked for is told: only valid numbers, or invalid ones too', () => {
  expect(textOf('invalid')).toContain('Only valid numbers were to pass.')
  expect(textOf('allowed')).toContain('Invalid numbers were allowed.')
})

test('charts over time show where the measurement was disturbed', () => {
  const { charts } = partsOf(reportOf(runOf('doubtful')), (text) => text)
  const drawn = JSON.parse(charts) as Record<string, object>
  expect(drawn['scenario-0-flow-0-latency']).toMatchObject({ disturbed: [[3, 4]], warmupEnd: 2 })
  expect(drawn['scenario-2-flow-0-latency']).not.toHaveProperty('disturbed')
})

test('where workers were placed is told', () => {
  expect(textOf('doubtful')).toContain('Placed: worker 0 on CPUs 8-15 of node 1.')
})

test('a result of an older version has no verdict', () => {
  expect(textOf('passed')).not.toMatch(/verdict|May the numbers/)
})
