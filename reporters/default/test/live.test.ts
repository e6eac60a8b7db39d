import { widthOf } from '@cloudbench/core/text'
import { expect, test } from 'vitest'
import { createScreen } from '../src/screen.ts'
import { play } from './replay.ts'

const escape = '\u001B'

test('on a terminal progress is shown, replaced, and gone before the result', async () => {
  const text = await play({ isTTY: true, columns: 100 })
  expect(text).toContain('██████████░░░░░░░░░░ 50 %  measure, 10 s left')
  expect(text).toMatch(/main {2}100\/s {2}response p50 .* p99 .* p99\.9 .* errors 0 % {2}lag p99 /)
  const last = text.lastIndexOf(`${escape}[2A${escape}[J`)
  expect(last).toBeGreaterThan(text.lastIndexOf('left'))
  expect(text.lastIndexOf('PASSED')).toBeGreaterThan(last)
  // the cursor is shown again
  expect(text.lastIndexOf(`${escape}[?25h`)).toBeGreaterThan(text.lastIndexOf(`${escape}[?25l`))
})

test.each([40, 80])('no line of it is wider than %i columns', async (columns) => {
  const text = await play({ isTTY: true, columns, failed: 3, unsent: 2 })
  const [, ...shown] = text.split(`${escape}[?25l`)
  expect(shown).toHaveLength(2)
  for (const part of shown)
    for (const line of part.split('\n').slice(0, 2)) expect(widthOf(line)).toBeLessThanOrEqual(columns)
})

test('elsewhere there is a line from time to time, and no code that moves the cursor', async () => {
  const text = await play()
  expect(text).not.toContain(escape)
  expect(text.match(/^ {2}main {2}100\/s {2}response p50/gm)).toHaveLength(1)
})

test('live: false leaves only the result', async () => {
  for (const isTTY of [true, false]) {
    const text = await play({ isTTY, live: false })
    expect(text).not.toMatch(/left|^ {2}main {2}100/m)
    expect(text).toContain('PASSED')
  }
})

test('lines that a narrower terminal has broken are erased as a whole', () => {
  let written = ''
  const stream = { isTTY: true, columns: 60, color: false, write: (text: string) => void (written += text) }
  const screen = createScreen(stream)
  screen.show(['x'.repeat(60), 'y'.repeat(45)])
  stream.columns = 20
  screen.show(['x'.repeat(20), 'y'])
  expect(written).toContain(`${escape}[6A${escape}[J`)
  screen.print(['end'])
  expect(written).toContain(`${escape}[2A${escape}[J`)
})
