import { stripVTControlCharacters } from 'node:util'
import { widthOf } from '@cloudbench/core/text'
import { describe, expect, test } from 'vitest'
import { play } from './replay.ts'

test('a run that passed, on 100 columns', async () => {
  expect(
    await play({
      columns: 100,
      checks: [
        { name: 'response.p99', scenario: 'reads', status: 'passed', expected: '< 25ms', actual: '1.37 ms' },
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
    }),
  ).toMatchInlineSnapshot(`
    "reads
      redis read-heavy on redis://127.0.0.1:6379
      50/s constant over 4 connections
      measure 20 s, 1 worker, seed 1
      measure 10 s of 20 s  main 100/s  response p50 899 µs  p95 1.25 ms  p99 1.29 ms  errors 0 %  lag p99 939 µs

    reads  PASSED
      response  requests  rate  errors     p50      p90      p95      p99    p99.9      max
      main          1000  50/s     0 %  899 µs  1.20 ms  1.25 ms  1.29 ms  1.30 ms  1.30 ms
        get          900  45/s     0 %  849 µs  1.21 ms  1.25 ms  1.29 ms  1.30 ms  1.30 ms
        set          100   5/s     0 %  949 µs   989 µs   994 µs   998 µs   999 µs   999 µs
      50/s requested · service p50 599 µs p99 1.09 ms · lag p50 449 µs p99 939 µs
      hit × 1000 · 10 KB sent, 90 KB received
      generator: 900 µs of CPU and 2.4 KB of heap per request · busy 5.12 % of the time · GC 4.50 ms
      81 MB of memory
      ✓ response.p99 < 25ms: 1.37 ms
      ✓ acknowledged writes are stored: 0 wrong of 100

    "
  `)
})

test('a closed loop has service times, and says why', async () => {
  const text = await play({ isClosed: true })
  expect(text).toMatch(/^ {2}service +requests/m)
  expect(text).toContain('closed loop: times count from sending')
  expect(text).not.toMatch(/response|lag p50/)
})

test('several flows and their operations have a row each', async () => {
  const text = await play({ flows: ['cache', 'store'], columns: 120 })
  expect(text.match(/^ {2}(cache|store) +1000 /gm)).toHaveLength(2)
  expect(text.match(/^ {4}(get|set) /gm)).toHaveLength(4)
})

test('errors and arrivals that were never sent are shown', async () => {
  const text = await play({ failed: 10, unsent: 5 })
  expect(text).toContain('  ! OOM × 20 (error)')
  expect(text).toContain('  ! unsent × 10: no connection was free')
  expect(text).toMatch(/main .*1\.96 %/)
})

test('a loopback is never mistaken for a service', async () => {
  const text = await play({ origin: 'loopback' })
  expect(text).toContain("the driver's own loopback server: the floor, it does no work")
  expect(text).toContain('not the speed of a service')
})

describe('a run that did not pass', () => {
  test('failed: the expected and the actual value', async () => {
    const text = await play({
      reason: 'failed',
      checks: [
        {
          name: 'response.p99',
          scenario: 'reads',
          status: 'failed',
          expected: '< 1ms',
          actual: '1.37 ms',
          source: { file: 'config/scenarios/reads.yaml', line: 7 },
        },
        {
          name: 'errors.rate',
          scenario: 'reads',
          status: 'skipped',
          expected: '< 1%',
          actual: 'not reached',
        },
      ],
      audits: [
        {
          name: 'stored',
          status: 'failed',
          examined: 9,
          violations: 2,
          message: '2 keys are gone',
          flow: 'main',
        },
        { name: 'nothing', status: 'skipped', examined: 0, violations: 0, flow: 'main' },
      ],
    })
    expect(text).toContain('  ✗ response.p99 < 1ms: 1.37 ms  (config/scenarios/reads.yaml:7)\n')
    expect(text).toContain('  – errors.rate < 1%: not reached')
    expect(text).toContain('  ✗ stored: 2 wrong of 9; 2 keys are gone')
    // one that had nothing to look at, and nothing to say, is left out
    expect(text).not.toContain('nothing')
    expect(text).not.toContain('exit code')
  })

  test('errored, with nothing measured: the whole message', async () => {
    const text = await play({
      reason: 'errored',
      isEmpty: true,
      errors: [{ source: 'target', during: 'opening of connections', message: 'one\n  next: two' }],
    })
    expect(text).toContain('  [target] opening of connections: one\n    next: two\n')
    expect(text).not.toMatch(/NaN|undefined|Infinity/)
  })

  test('interrupted', async () => {
    expect(await play({ reason: 'interrupted' })).toMatch(/^reads {2}INTERRUPTED$/m)
  })
})

test('foreign names cannot move the cursor, and wide letters keep the columns aligned', async () => {
  const text = await play({ id: '读\u001B[2J取', flows: ['流量😀', 'b'] })
  expect(text).toContain(String.raw`读\x1b[2J取`)
  expect(text).not.toContain('\u001B')
  const rows = text.split('\n').filter((line) => /^ {2}(流量😀|b) +1000 /.test(line))
  expect(rows).toHaveLength(2)
  expect(new Set(rows.map(widthOf)).size).toBe(1)
})

test.each([40, 60, 80, 120])('tables fit into %i columns', async (columns) => {
  const text = await play({ columns, failed: 1, live: false })
  const table = text
    .split('\n')
    .filter((line) => /^ {2,4}(response|main|get|set) +(requests|rate|\d)/.test(line))
  expect(table.length).toBeGreaterThan(3)
  for (const line of table) expect(widthOf(line)).toBeLessThanOrEqual(columns)
  // the most important columns stay
  expect(text).toMatch(/rate +errors/)
})

test('what an audit could not examine is said, whether it passed, was skipped or failed', async () => {
  const text = await play({
    audits: [
      {
        name: 'stored',
        status: 'passed',
        examined: 9,
        violations: 0,
        message: 'the topic no longer keeps 100 older ones',
        flow: 'main',
      },
      {
        name: 'read',
        status: 'skipped',
        examined: 0,
        violations: 0,
        message: 'the topic is gone',
        flow: 'main',
      },
    ],
  })
  expect(text).toContain('  ✓ stored: 0 wrong of 9; the topic no longer keeps 100 older ones')
  expect(text).toContain('  – read: nothing to examine; the topic is gone')
})

test('colours are used when they are wanted, and change nothing else', async () => {
  const colored = await play({ color: true })
  expect(colored).toContain('\u001B[')
  expect(stripVTControlCharacters(colored)).toBe(await play())
})

test('a flow of one operation has one row, which names both as checks do', async () => {
  const text = await play({ operation: 'insert', live: false })
  expect(text.match(/ {2}1000 /g)).toHaveLength(1)
  expect(text).toMatch(/^ {2}main\/insert +1000 /m)
  // the workload is named above
  for (const operation of ['main', 'read-heavy'])
    expect(await play({ operation, live: false })).toMatch(/^ {2}main +1000 /m)
})

test('a failure is told with what the server said the first time', async () => {
  const said = `WRONGTYPE Operation against a key\nholding the wrong kind of value \u001B[2J${'x'.repeat(90)}`
  const text = await play({
    operation: 'get',
    outcomes: { hit: { count: 500, ok: true }, 404: { count: 500, ok: false, example: said } },
  })
  expect(text).toContain('  hit × 500 · ')
  expect(text).toContain(
    '  ! 404 × 500 (error): WRONGTYPE Operation against a key holding the wrong kind of value ',
  )
  expect(text).not.toContain('\u001B')
})

test('what is empty is not printed', async () => {
  const text = await play({
    bytes: { sent: 0, received: 0 },
    generator: { gcMs: 0, allocatedBytes: 0, rssBytes: 0 },
  })
  expect(text).not.toMatch(/\b0 (B|ns|ms|µs)\b|sent|GC|memory|heap/)
  expect(await play({ bytes: { sent: 0, received: 10 } })).toContain(' · 10 B received\n')
})

test('a long name is whole, beside its numbers or above them', async () => {
  const id = 'what-a-customer-does-between-the-basket-and-the-thank-you-page-on-a-busy-day'
  const flows = ['recommendations-v2-eu', 'a-flow-whose-name-is-as-long-as-forty-letters']
  for (const columns of [60, 80, 200]) {
    const text = await play({ id, flows, columns, live: false })
    expect(text).toContain(`${id}  PASSED`)
    expect(text).toMatch(/^ {2}recommendations-v2-eu +(1000 +)?50\/s /m)
    expect(text).toMatch(/^ {2}a-flow-whose-name-is-as-long-as-forty-letters(\n)? +(1000 +)?50\/s /m)
    expect(text).not.toContain('…')
  }
})

test('numbers after a name that is read from the right stay on their side', async () => {
  expect(await play({ flows: ['סל', 'b'], live: false })).toMatch(/^ {2}סל\u200E +1000 /m)
})

describe('in a wide terminal', () => {
  test('rate and p99 over time, and how times are spread', async () => {
    const text = await play({ columns: 120, intervalMs: 1_000, live: false })
    expect(text).toContain(`  rate   ${'█'.repeat(20)}  1000/s over 20 s\n`)
    expect(text).toContain(`  p99    ${'█'.repeat(20)}  1.29 ms\n`)
    expect(text).toMatch(/^ {2}times {2}[▁▂▃▄▅▆▇█ ]{50,60}\n {9} +500 µs +1 ms$/m)
  })

  test('but not where they cannot be shown, or there is nothing to show', async () => {
    for (const screenplay of [
      { columns: 109 },
      { columns: 120, unicode: false },
      { columns: 120, isEmpty: true },
    ])
      expect(await play(screenplay)).not.toMatch(/[▁▂▃▄▅▆▇█]|NaN|Infinity/)
  })
})

test('why there are as many workers is said with them', async () => {
  expect(await play({ workersReason: '1600/s takes 80 % of a core' })).toContain(
    '\n  workers: 1600/s takes 80 % of a core\n',
  )
})

test('sentences are broken between words on a terminal, and nowhere else', async () => {
  const sentence = 'loopback: the cost of generator and client library alone, not the speed of a service'
  const shown = await play({ origin: 'loopback', isTTY: true, columns: 60 })
  expect(shown).toMatch(/\n {2}! loopback: the cost .*\n {4}\S.*service\n/)
  expect(await play({ origin: 'loopback', columns: 60 })).toContain(sentence)
})
