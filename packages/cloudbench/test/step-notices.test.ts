import type { TerminalStream } from '@cloudbench/core'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { stepNotices } from '../src/step-notices.ts'

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

function noticed(hasScreen = false) {
  const lines: string[] = []
  const stream = (write: (text: string) => void): TerminalStream => ({
    isTTY: false,
    columns: 80,
    color: false,
    write,
  })
  const terminal = { stdout: stream(() => {}), stderr: stream((text) => void lines.push(text)) }
  const redact = (text: string): string => text.replaceAll('secret', '***')
  const { hooks } = stepNotices({ terminal, redact }, () => hasScreen)
  return { lines, hooks: hooks as Record<string, (payload?: unknown) => void> }
}

test('a step that takes long is told once, however often its details come', () => {
  const { lines, hooks } = noticed()
  hooks['step']!({ doing: 'starting redis' })
  for (let ms = 0; ms < 5_000; ms += 250) {
    vi.advanceTimersByTime(250)
    hooks['step']!({ doing: 'starting redis', detail: `${ms} ms` })
  }
  hooks['step']!({ doing: 'filling secret', scenario: 'reads' })
  vi.advanceTimersByTime(1_000)
  expect(lines).toEqual(['starting redis …\n', 'reads: filling *** …\n'])
})

test('what is over soon is not told, and neither is what a load follows', () => {
  const { lines, hooks } = noticed()
  hooks['step']!({ doing: 'connecting' })
  vi.advanceTimersByTime(500)
  hooks['step']!({ doing: 'preparing' })
  vi.advanceTimersByTime(500)
  hooks['phase:start']!()
  vi.advanceTimersByTime(5_000)
  expect(lines).toEqual([])
})

test('a screen shows it better', () => {
  const { lines, hooks } = noticed(true)
  hooks['step']!({ doing: 'starting redis' })
  vi.advanceTimersByTime(5_000)
  expect(lines).toEqual([])
})
