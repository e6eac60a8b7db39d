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
      main  100/s  response p50 899 µs  p99 1.29 ms  p99.9 1.30 ms  errors 0 %  lag p99 939 µs

    reads  PASSED
      response  requests  rate  errors     p50      p90      p99    p99.9      max
      main          1000  50/s     0 %  899 µs  1.20 ms  1.29 ms  1.30 ms  1.30 ms
        get          900  45/s     0 %  849 µs  1.21 ms  1.29 ms  1.30 ms  1.30 ms
        set          100   5/s     0 %  949 µs   989 µs   998 µs   999 µs   999 µs
      50/s requested · service p50 599 µs p99 1.09 ms · lag p50 449 µs p99 939 µs
      10 KB sent, 90 KB received
      hit 1000
      generator: 900 µs of CPU and 2.4 KB of heap per request · busy 5.12 % at most · GC 4.50 ms
      81 MB at most
      ✓ response.p99 < 25ms: 1.37 ms
      ✓ acknowledged writes are stored: 0 wrong of 100

    "
  `)
})

test('a closed loop has service times, and says why', async () => {
  const text = await play({ isClosed: true })
  expect(text).toMatch(/^ {2}service +requests/m)
  expect(text).toContain('closed loop: nothing is due')
  expect(text).not.toMatch(/response|lag p50/)
})

test('several flows and their operations have a row each', async () => {
  const text = await play({ flows: ['cache', 'store'], columns: 120 })
  expect(text.match(/^ {2}(cache|store) +1000 /gm)).toHaveLength(2)
  expect(text.match(/^ {4}(get|set) /gm)).toHaveLength(4)
})

test('errors and arrivals that were never sent are shown', async () => {
  const text = await play({ failed: 10, unsent: 5 })
  expect(text).toContain('OOM 20 (error)')
  expect(text).toContain('unsent 10')
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
        { name: 'response.p99', scenario: 'reads', status: 'failed', expected: '< 1ms', actual: '1.37 ms' },
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
    expect(text).toContain('  ✗ response.p99 < 1ms: 1.37 ms')
    expect(text).toContain('  – errors.rate < 1%: not reached')
    expect(text).toContain('  ✗ stored: 2 wrong of 9; 2 keys are gone')
    expect(text).toContain('  – nothing: nothing to examine')
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
