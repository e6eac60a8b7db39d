import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOn, play } from './replay.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const told = (text: string): string[] => text.split('\n').filter((line) => /^ {2}measure .* of /.test(line))

test('without a terminal there is a line for each interval, and no code that moves the cursor', async () => {
  const text = await play({ durationMs: 5_000, intervalMs: 1_000 })
  for (const code of ['\u001B', '\r']) expect(text).not.toContain(code)
  expect(told(text)).toHaveLength(4)
  expect(told(text)[0]).toBe(
    '  measure 1 s of 5 s  main 1000/s  response p50 899 µs  p95 1.25 ms  p99 1.29 ms  errors 0 %  lag p99 939 µs',
  )
})

test('an hour does not fill a log: the first ten intervals, then ever fewer, and one in five minutes at least', async () => {
  const text = await play({ durationMs: 3_600_000, intervalMs: 1_000, generator: { allocatedBytes: 0 } })
  const lines = told(text)
  expect(lines.slice(0, 11).map((line) => /measure (\S+) s of/.exec(line)?.[1])).toEqual([
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    '7',
    '8',
    '9',
    '10',
    '13',
  ])
  expect(lines.length).toBeGreaterThan(20)
  expect(lines.length).toBeLessThan(50)
})

test('each flow has a line, with what was never sent', async () => {
  const text = await play({ flows: ['cache', 'store'], unsent: 2 })
  expect(text).toMatch(/^ {2}measure 10 s of 20 s {2}cache .* unsent 4$/m)
  expect(text).toMatch(/^ {2}measure 10 s of 20 s {2}store /m)
})

test('a step is told once it takes a second, and again from time to time', async () => {
  let written = ''
  const reporter = await createOn({
    isTTY: false,
    columns: 80,
    color: false,
    write: (text) => void (written += text),
  })
  await reporter.onStep?.({ doing: 'looking for kafka' })
  await vi.advanceTimersByTimeAsync(500)
  await reporter.onStep?.({ doing: 'starting kafka' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(written).toBe('starting kafka …\n')
  await reporter.onStep?.({ doing: 'starting kafka', detail: 'topics' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(written).toBe('starting kafka …\nstarting kafka: topics, 11 s …\nstarting kafka: topics, 31 s …\n')
  await reporter.close?.()
  await vi.advanceTimersByTimeAsync(600_000)
  expect(written.match(/kafka/g)).toHaveLength(3)
})
