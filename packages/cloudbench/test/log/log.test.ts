import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { allowed, gate } from '@cloudbench/core/text'
import { expect, test } from 'vitest'
import { startCli, typed } from '../support/cli.ts'
import { runInProcess, type Outcome } from '../support/in-process.ts'
import { header, hit, logOf, logs, type Given } from './write-log.ts'

const ms = (count: number): number => count * 1e6
const start = header.anchor.monotonic_ns
const trace = '4bf92f3577b34da6a3ce929d0e0e4736'

const some: readonly Given[] = [
  { index: 0, phase: 0, dueNs: start, sentNs: start, doneNs: start + ms(1), connection: 7 },
  { index: 1, dueNs: start + ms(10), sentNs: start + ms(12), doneNs: start + ms(15), trace, span: 'abcd' },
  { index: 2, dueNs: start + ms(20), sentNs: start + ms(20), doneNs: start + ms(50), outcome: 2 },
  { index: 3, dueNs: start + ms(40), sentNs: start + ms(41), doneNs: start + ms(60), outcome: 3 },
  { index: 4, dueNs: start + ms(50), sentNs: start + ms(50), doneNs: start + ms(1050), outcome: 4 },
]

async function read(
  line: string,
  files: Readonly<Record<string, Uint8Array>> = { 'a.cblog': logOf(some) },
): Promise<Outcome> {
  return await runInProcess(['log', ...typed(line)], await logs(files))
}

/** The numbers of the requests that a command line prints. */
async function indices(
  line: string,
  files?: Readonly<Record<string, Uint8Array>>,
): Promise<readonly number[]> {
  const { code, stdout, stderr } = await read(`${line} --format ndjson`, files)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => (JSON.parse(text) as { index: number }).index)
}

test('a table for people', async () => {
  const { code, stdout } = await read('a.cblog')
  expect(code).toBe(0)
  expect(stdout).toBe(
    `${[
      'time                         phase    flow  operation  outcome   lag      service  response  connection  trace',
      '2026-11-27T09:15:00.000000Z  warmup   main  get        hit       0 ms     1.00 ms  1.00 ms   7           00000000000000000000000000000000',
      '2026-11-27T09:15:00.012000Z  measure  main  get        hit       2.00 ms  3.00 ms  5.00 ms   0           4bf92f3577b34da6a3ce929d0e0e4736',
      '2026-11-27T09:15:00.020000Z  measure  main  get        miss      0 ms     30.0 ms  30.0 ms   0           00000000000000000000000000000000',
      '2026-11-27T09:15:00.041000Z  measure  main  get        refused   1.00 ms  19.0 ms  20.0 ms   0           00000000000000000000000000000000',
      '2026-11-27T09:15:00.050000Z  measure  main  get        timedOut  0 ms     1 s      1 s       0           00000000000000000000000000000000',
    ].join('\n')}\n`,
  )
})

test('every field for programs', async () => {
  const { stdout } = await read(`a.cblog --trace ${trace.slice(0, 6)} --format ndjson`)
  expect(JSON.parse(stdout)).toEqual({
    time: '2026-11-27T09:15:00.012000Z',
    run: header.run,
    scenario: 'checkout',
    worker: 0,
    phase: 'measure',
    flow: 'main',
    operation: 'get',
    outcome: 'hit',
    ok: true,
    index: 1,
    connection: 0,
    due_ns: start + ms(10),
    sent_ns: start + ms(12),
    done_ns: start + ms(15),
    lag_ns: ms(2),
    service_ns: ms(3),
    response_ns: ms(5),
    trace_id: trace,
    span_id: 'abcd000000000000',
  })
})

test.each([
  ['--slow 20ms', [2, 3, 4]],
  ['--outcome hit --outcome miss', [0, 1, 2]],
  ['--phase warmup', [0]],
  ['--phase measure --slow 30ms', [2, 4]],
  ['--flow main --operation get', [0, 1, 2, 3, 4]],
  ['--flow other', []],
  [`--trace 00-${trace}-abcd000000000000-01`, [1]],
  ['--trace abcd', [1]],
  ['--from 12ms --to 41ms', [1, 2]],
  ['--sort response', [4, 2, 3, 1, 0]],
  ['--sort response --limit 2', [4, 2]],
  ['--sort lag --limit 1', [1]],
  ['--sort response --reverse', [0, 1, 3, 2, 4]],
  ['--sort sent --reverse --limit 2', [4, 3]],
  ['--limit 2', [0, 1]],
])('%s', async (line, expected) => {
  expect(await indices(`a.cblog ${line}`)).toEqual(expected)
})

test('a spreadsheet gets values, and never a formula', async () => {
  const outcomes = [
    { ...hit, name: '=cmd|"calc"!A1' },
    { ...hit, outcome: 2, name: '-1,5 "quoted"' },
  ]
  const file = logOf([{ outcome: 1 }, { outcome: 2 }], { outcomes })
  const { stdout } = await read('a.cblog --format csv', { 'a.cblog': file })
  // as it leaves through the gate of the terminal
  const [head, first, second] = gate(stdout).split('\r\n')
  expect(head).toBe(
    'time,run,scenario,worker,phase,flow,operation,outcome,ok,index,connection,due_ns,sent_ns,done_ns,lag_ns,service_ns,response_ns,trace_id,span_id',
  )
  expect(first).toContain(`,get,"'=cmd|""calc""!A1",true,`)
  expect(second).toContain(`,get,"'-1,5 ""quoted""",true,`)
})

test('files of several workers merge by time, also of machines whose clocks began elsewhere', async () => {
  const of = (worker: number, ends: readonly number[], monotonic = start, wallMs = 0): Uint8Array =>
    logOf(
      ends.map((end) => ({ index: end, dueNs: monotonic, doneNs: monotonic + ms(end) })),
      {
        top: {
          ...header,
          worker: { index: worker, total: 3 },
          anchor: { monotonic_ns: monotonic, wall_clock_ms: header.anchor.wall_clock_ms + wallMs },
        },
        perSegment: 2,
      },
    )
  const files = {
    'a.cblog': of(0, [1, 4, 5, 9]),
    'b.cblog': of(1, [2, 3, 6, 7, 8]),
    // half a millisecond in its own time, and 3 s later by the wall clock
    'c.cblog': of(2, [0.5, 5000], 77, 3_000),
    'empty.cblog': of(3, []),
  }
  const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5, 5000]
  expect(await indices('a.cblog b.cblog c.cblog empty.cblog', files)).toEqual(expected)
  // a folder and a pattern mean what is in them, each once
  expect(await indices('. a.cblog', files)).toEqual(expected)
  expect(await indices('[ac].cblog', files)).toEqual([1, 4, 5, 9, 0.5, 5000])
})

test('a summary counts and tells quantiles by operation and outcome; of all, as a result does', async () => {
  const requests = Array.from({ length: 1_000 }, (_, index): Given => ({
    index,
    outcome: index < 900 ? 1 : index < 990 ? 3 : 4,
    dueNs: start,
    sentNs: start + ms(1),
    doneNs: start + ms(1) + ms(index + 1),
  }))
  const files = { 'a.cblog': logOf(requests) }
  const { stdout } = await read('a.cblog --summary --format ndjson', files)
  const rows = stdout
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Record<string, number | string | null>)
  expect(rows.map(({ outcome, requests: count, share }) => [outcome, count, share])).toEqual([
    [null, 1_000, 1],
    ['hit', 900, 0.9],
    ['refused', 90, 0.09],
    ['timedOut', 10, 0.01],
  ])
  const [all, hits] = rows
  // 900 hits of 1 to 900 ms, and 10 that were given up; a slot is less than 0.1 % wide
  expect(Math.abs(Number(all!['service_p50_ns']) / ms(455) - 1)).toBeLessThan(0.001)
  expect(Math.abs(Number(hits!['service_p50_ns']) / ms(450) - 1)).toBeLessThan(0.001)
  expect(hits!['service_max_ns']).toBe(ms(900))
  expect(hits!['lag_p99_ns']).toBe(ms(1))
  const { stdout: table } = await read('a.cblog --summary', files)
  expect(table).toMatch(/measure {2}main {2}get {8}all {7}1000 {6}100 % {2}455 ms/)
})

test('a name from a file is shown, and never obeyed', async () => {
  const outcomes = [{ ...hit, name: '\u001B]0;owned\u0007 redis://me:hunter2@db' }]
  const file = { 'a.cblog': logOf([{}], { outcomes }) }
  for (const format of ['table', 'ndjson', 'csv']) {
    const { stdout } = await read(`a.cblog --format ${format}`, file)
    const written = stdout.replaceAll(allowed('\r'), '')
    for (const command of ['\u001B', '\u0007']) expect(written).not.toContain(command)
  }
})

test.each([
  ['--slow 10', '10 what? A duration needs a unit'],
  ['--trace xyz', '--trace "xyz" is not a trace id'],
  ['--sort speed', 'requests have no "speed" to sort by'],
  ['--reverse', '--reverse needs an order'],
  ['--limit 0', '--limit 0 prints nothing'],
  ['--limit some', '"some" is not a count'],
  ['--format xml', '--format xml is none'],
  ['--from yesterday', '"yesterday" is not a duration'],
])('%s is refused before a file is read', async (line, why) => {
  const { code, stdout, stderr } = await read(`missing.cblog ${line}`)
  expect(stderr).toContain(why)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

test.each([
  ['missing', undefined, 'ENOENT'],
  ['empty', Buffer.alloc(0), 'it is empty'],
  ['foreign', Buffer.from('{"format": "cloudbench-result"}'), 'it is not a request log'],
  ['newer', logOf([], { top: { ...header, version: 2 } }), 'has version 2 of the request log'],
  [
    'torn in its header',
    logOf(some).subarray(0, 60),
    'its last 60 bytes, from byte 0 on, are a part of a segment',
  ],
  ['without a run', logOf([], { top: { ...header, run: 7 } }), 'its header is wrong: run'],
  ['of other fields', logOf([], { top: { ...header, fields: ['due'] } }), 'its records have other fields'],
  ['with a header that is none', logOf([], { top: [1, 2] }), 'its header is wrong'],
])('a file that is %s is no log', async (_, content, why) => {
  const { code, stdout, stderr } = await read('a.cblog', content ? { 'a.cblog': content } : {})
  expect(stderr).toContain(why)
  expect(stderr).toContain('CB_LOG_FILE')
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

test('a folder without a log, and one that is a pipe in its place', async () => {
  expect((await read('.', {})).stderr).toContain('there is no request log in .')
  expect((await read('/dev/null')).stderr).toContain('it is not a regular file')
})

const whole = logOf(some, { perSegment: 2 })
const last = 40

test.each([
  ['killed between two flushes', whole.subarray(0, -last), 5, 'its end is missing'],
  ['killed in a write', whole.subarray(0, -last - 10), 4, 'are a part of a segment'],
  ['killed in a frame', whole.subarray(0, -10), 5, 'are a part of a segment'],
])('what a worker wrote that was %s is printed, with what is missing', async (_, content, count, why) => {
  const { code, stdout, stderr } = await read('a.cblog --format ndjson', { 'a.cblog': content })
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(count)
  expect(stderr).toContain(why)
  expect(code).toBe(2)
})

test('a byte that has changed is noticed, and ends what is printed', async () => {
  const content = Buffer.from(whole)
  content[content.length - last - 20]! ^= 1
  const { code, stdout, stderr } = await read('a.cblog --format ndjson', { 'a.cblog': content })
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(4)
  expect(stderr).toMatch(/a\.cblog: it is damaged at byte \d+: the checksum of segment 4 does not match\n$/)
  expect(code).toBe(2)
})

test.each([
  ['of an outcome that is not defined', [{ outcome: 9 }], 'not defined'],
  ['of a phase that there is not', [{ phase: 9 }], 'not defined'],
  ['that is no number', [{ doneNs: Number.NaN }], 'numbers that can be none of its own'],
  ['before all time', [{ dueNs: -1 }], 'numbers that can be none of its own'],
])('a record %s is damage', async (_, requests, why) => {
  const { code, stderr } = await read('a.cblog', { 'a.cblog': logOf(requests) })
  expect(stderr).toContain(why)
  expect(code).toBe(2)
})

test('requests that the disk did not take are counted', async () => {
  const { code, stderr } = await read('a.cblog', { 'a.cblog': logOf(some, { dropped: 12 }) })
  expect(stderr).toMatch(/a\.cblog: 12 requests are missing, which the disk did not take\n$/)
  expect(code).toBe(0)
})

test('`| head` has seen enough', async () => {
  const requests = Array.from({ length: 20_000 }, (_, index): Given => ({ index }))
  const cwd = await logs({ 'a.cblog': logOf(requests, { perSegment: 1_000 }) })
  const { child, ended } = startCli(['log', 'a.cblog', '--format', 'ndjson'], { cwd })
  child.stdout!.destroy()
  expect(await ended).toMatchObject({ code: 0, stderr: '' })
})

test('a log that goes away while it is read is said', async () => {
  const cwd = await logs({ 'a.cblog': whole })
  await rm(join(cwd, 'a.cblog'))
  expect((await runInProcess(['log', 'a.cblog'], cwd)).stderr).toContain('ENOENT')
})
