import { widthOf } from '@cloudbench/core/text'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOn, play, runOf, type Screenplay } from './replay.ts'
import { createVirtualTerminal, type VirtualTerminal } from './virtual-terminal.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** A run on a terminal, up to the middle of its phase. */
async function half(terminal: VirtualTerminal, screenplay: Screenplay = {}) {
  const { run, scenarios } = runOf(screenplay)
  const reporter = await createOn(terminal.stream)
  await reporter.onRunStart?.(run)
  const [result] = scenarios
  const [phase] = result!.phases
  await reporter.onScenarioStart?.(result!.scenario)
  await reporter.onPhaseStart?.(phase!.phase)
  for (const interval of phase!.intervals.slice(0, phase!.intervals.length / 2))
    await reporter.onInterval?.(interval)
  return { reporter, result: result!, phase: phase!.phase }
}

test('progress is shown, replaced, and gone before the result', async () => {
  const terminal = createVirtualTerminal(100)
  const { reporter, result } = await half(terminal)
  expect((await terminal.lines()).slice(4)).toEqual([
    '██████████░░░░░░░░░░ 50 %  measure, 10 s left',
    'response  requests     rate   errors      p50      p90      p95      p99    p99.9      max  lag p99',
    'main          1000    100/s      0 %   899 µs  1.20 ms  1.25 ms  1.29 ms  1.30 ms  1.30 ms   939 µs',
  ])
  await reporter.onScenarioEnd?.(result)
  await reporter.close?.()
  const lines = await terminal.lines()
  expect(lines.slice(4, 6)).toEqual(['', 'reads  PASSED'])
  expect(lines.join('\n')).not.toContain('left')
  expect(await terminal.cursor()).toEqual({ column: 0, isShown: true })
})

test('time goes on between intervals, and after the last one the answers are waited for', async () => {
  const terminal = createVirtualTerminal(80)
  const { reporter } = await half(terminal)
  await vi.advanceTimersByTimeAsync(5_000)
  expect((await terminal.lines())[4]).toBe('███████████████░░░░░ 75 %  measure, 5 s left')
  await vi.advanceTimersByTimeAsync(9_000)
  expect((await terminal.lines())[4]).toBe(
    '████████████████████ 100 %  measure, waiting for the last answers',
  )
  await reporter.close?.()
})

test('the sliver after the last interval says nothing of the load, and a warm-up stays until there is more', async () => {
  const terminal = createVirtualTerminal(80)
  const { reporter, phase, result } = await half(terminal)
  const [, interval] = result.phases[0]!.intervals
  await reporter.onInterval?.(interval!)
  const before = (await terminal.lines()).at(-1)
  await reporter.onInterval?.({ ...interval!, startMs: 20_000, endMs: 20_004, flows: [] })
  expect((await terminal.lines()).at(-1)).toBe(before)
  await reporter.onPhaseStart?.({ ...phase, name: 'second' })
  expect((await terminal.lines())[4]).toBe('░░░░░░░░░░░░░░░░░░░░ 0 %  second, 20 s left')
  expect((await terminal.lines()).at(-1)).toBe(before)
  await reporter.close?.()
})

test('a resize is drawn within a second, and leaves nothing stale', async () => {
  const terminal = createVirtualTerminal(130)
  const { reporter } = await half(terminal, { flows: ['cache', 'store'] })
  const before = (await terminal.lines()).length
  for (const columns of [44, 90, 61, 200]) {
    await terminal.resize(columns, 40)
    await vi.advanceTimersByTimeAsync(600)
    const lines = await terminal.lines()
    for (const line of lines.slice(-4)) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    expect(lines.filter((line) => line.includes('measure, '))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith('response'))).toHaveLength(1)
    expect(lines.filter((line) => /^(cache|store) /.test(line))).toHaveLength(2)
  }
  expect((await terminal.lines()).length).toBe(before)
  await reporter.close?.()
})

test('lines over time are drawn where there is room, and letters for them', async () => {
  const bars = /[▁▂▃▄▅▆▇█] +100\/s/
  for (const [columns, unicode, isDrawn] of [
    [120, true, true],
    [100, true, false],
    [120, false, false],
  ] as const) {
    const terminal = createVirtualTerminal(columns, 24, { unicode })
    const { reporter } = await half(terminal)
    expect(bars.test((await terminal.lines()).at(-1)!)).toBe(isDrawn)
    await reporter.close?.()
  }
})

test('a step is shown with how far it is and how long it has taken; one that is over soon is not', async () => {
  const terminal = createVirtualTerminal(60)
  const reporter = await createOn(terminal.stream)
  const last = async (): Promise<string | undefined> => (await terminal.lines()).at(-1)
  // the first at once: until then there was nothing
  await reporter.onStep?.({ doing: 'looking for redis' })
  expect(await last()).toBe('looking for redis …')
  await reporter.onStep?.({ doing: 'starting redis' })
  await vi.advanceTimersByTimeAsync(400)
  expect(await last()).toBe('looking for redis …')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(await last()).toBe('starting redis, 3 s …')
  await reporter.onStep?.({ doing: 'preparing the target', detail: '120k of 1M keys', scenario: 'reads' })
  await vi.advanceTimersByTimeAsync(600)
  await reporter.onStep?.({ doing: 'preparing the target', detail: '240k of 1M keys', scenario: 'reads' })
  await vi.advanceTimersByTimeAsync(1_500)
  expect(await terminal.lines()).toEqual(['preparing the target: 240k of 1M keys, 2 s …'])
  await reporter.onScenarioStart?.(runOf({}).run.scenarios[0]!)
  expect(await terminal.lines()).toHaveLength(4)
  await reporter.close?.()
})

test.each([30, 40, 80])('no line is wider than %i columns, whatever the names', async (columns) => {
  const terminal = createVirtualTerminal(columns)
  const flows = [
    'a-flow-whose-name-is-longer-than-any-terminal-1',
    '读取读取读取读取读取读取读取读取读取读取',
    'שלום',
  ]
  const { reporter } = await half(terminal, { flows, failed: 3, unsent: 2 })
  const shown = (await terminal.lines()).slice(-5)
  expect(shown[0]).toContain('50 %')
  for (const line of shown) expect(widthOf(line)).toBeLessThanOrEqual(columns)
  await reporter.close?.()
})

test('live: false leaves only the result', async () => {
  for (const isTTY of [true, false]) {
    const text = await play({ isTTY, live: false })
    expect(text).not.toMatch(/left|100\/s/)
    expect(text).toContain('PASSED')
  }
})
