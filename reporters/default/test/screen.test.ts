import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createScreen } from '../src/screen.ts'
import { createVirtualTerminal } from './virtual-terminal.ts'

const lineOf = (letter: string, length: number): string => letter.repeat(Math.max(1, length))

test('whatever the terminal is resized to, nothing of what was shown stays', async () => {
  const size = fc.record({
    columns: fc.integer({ min: 12, max: 90 }),
    share: fc.double({ min: 0.1, max: 1, noNaN: true }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(size, { minLength: 1, maxLength: 6 }), async (sizes) => {
      const terminal = createVirtualTerminal(60, 30)
      const screen = createScreen(terminal.stream)
      screen.print(['$ before'])
      for (const [at, { columns, share }] of sizes.entries()) {
        await terminal.resize(columns)
        const letter = String.fromCharCode(97 + at)
        screen.show([lineOf(letter, columns), lineOf(letter, Math.round(columns * share))])
        const lines = await terminal.lines()
        expect(lines).toEqual([
          '$ before',
          lineOf(letter, columns),
          lineOf(letter, Math.round(columns * share)),
        ])
      }
      screen.print(['after'])
      screen.close()
      expect(await terminal.lines()).toEqual(['$ before', 'after'])
      expect(await terminal.cursor()).toEqual({ column: 0, isShown: true })
    }),
    { numRuns: 60 },
  )
})

test('lines are shown as far as the terminal is high', async () => {
  const terminal = createVirtualTerminal(20, 5)
  const screen = createScreen(terminal.stream)
  screen.print(['before'])
  for (const letter of ['a', 'b', 'c']) screen.show(Array.from({ length: 9 }, () => letter.repeat(20)))
  expect(await terminal.lines()).toEqual([
    'before',
    ...Array.from({ length: 3 }, () => 'c'.repeat(20)),
    '… 6 more lines',
  ])
  screen.close()
})

test('a wide letter that a narrower terminal has no room for begins another row', async () => {
  const terminal = createVirtualTerminal(20)
  const screen = createScreen(terminal.stream)
  screen.show([`a${'读'.repeat(9)}b`])
  await terminal.resize(10)
  screen.show(['now'])
  expect(await terminal.lines()).toEqual(['now'])
  screen.close()
})

test('nothing is written once it is closed', async () => {
  const terminal = createVirtualTerminal(20)
  const screen = createScreen(terminal.stream)
  screen.show(['progress'])
  screen.close()
  screen.print(['late'])
  screen.show(['late'])
  screen.close()
  expect(await terminal.lines()).toEqual([])
})

test('where only ASCII can be shown, our own signs have stand-ins of the same width', async () => {
  const terminal = createVirtualTerminal(40, 24, { unicode: false })
  createScreen(terminal.stream).print(['██░░ 50 %  1.2 µs · 404 × 5 … – ✓ ✗ 读'])
  expect(await terminal.lines()).toEqual(['##.. 50 %  1.2 us | 404 x 5 ~ - + x 读'])
})
