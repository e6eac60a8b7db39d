import { expect, test } from 'vitest'
import { claimOf, withScreen } from '../../src/orchestrator/claims.ts'
import type { TerminalStream } from '../../src/plugin/reporter.ts'

const stream = (): TerminalStream => ({ isTTY: false, columns: 80, color: false, write: () => {} })
const terminal = { stdout: stream(), stderr: stream() }

test('a claim may depend on the options', () => {
  const lines = {
    name: 'lines',
    terminal: ({ stdout }: { stdout: boolean }) => (stdout ? ('stdout' as const) : undefined),
  }
  expect(claimOf(lines, { stdout: true })).toEqual({ reporter: 'lines', claim: 'stdout' })
  expect(claimOf(lines, { stdout: false })).toEqual({ reporter: 'lines', claim: undefined })
})

test('an invalid claim is refused', () => {
  expect(() => claimOf({ name: 'old', terminal: true as never }, {})).toThrow(
    'the reporter "old" claims true of the terminal',
  )
})

test('the screen is standard output, and standard error where another reporter claims standard output', () => {
  const table = { reporter: 'table', claim: 'screen' } as const
  const log = { reporter: 'log', claim: 'stderr' } as const
  expect(withScreen(terminal, [table, log, { ...log, reporter: 'more' }]).screen).toBe(terminal.stdout)
  expect(withScreen(terminal, [table, { reporter: 'lines', claim: 'stdout' }]).screen).toBe(terminal.stderr)
  expect(withScreen(terminal, [table, { reporter: 'file', claim: undefined }]).screen).toBe(terminal.stdout)
})

test.for(['stdout', 'screen'] as const)('%s is claimed by one reporter', (claim) => {
  const claimants = [
    { reporter: 'one', claim },
    { reporter: 'two', claim },
  ]
  expect(() => withScreen(terminal, claimants)).toThrow('the reporters one and two both ')
})
