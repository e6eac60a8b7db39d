import { EventEmitter } from 'node:events'
import type { WriteStream } from 'node:tty'
import { allowed } from '@cloudbench/core/text'
import { expect, onTestFinished, test, vi } from 'vitest'
import { noticeWhenSlow } from '../src/slow-notice.ts'
import { processTerminal } from '../src/terminal.ts'

const escape = '\u001B'
const hide = `${escape}[?25l`
const show = `${escape}[?25h`

/** As much of a terminal as a reporter needs: lines, and codes that go up and erase what is below. */
function emulator(columns: number) {
  let lines: string[] = ['']
  const broken = (line: string): string[] => line.match(new RegExp(`.{1,${stream.columns}}`, 'g')) ?? ['']
  const write = (text: string): boolean => {
    // eslint-disable-next-line no-control-regex
    for (const [part] of text.matchAll(/\u001B\[[\d?]*[A-Za-z]|\n|[^\u001B\n]+/g)) {
      const up = /(\d+)A$/.exec(part)?.[1]
      if (part === '\n') lines.push('')
      else if (up !== undefined) lines.splice(lines.length - 1 - Number(up), Infinity, '')
      else if (part !== '\r' && !part.startsWith(escape)) lines.push(...broken(lines.pop()! + part))
    }
    return true
  }
  const stream = Object.assign(new EventEmitter(), { isTTY: true, columns, write })
  return {
    stream: stream as unknown as WriteStream,
    resize(to: number) {
      stream.columns = to
      lines = lines.flatMap(broken)
    },
    lines: () => lines.filter((line) => line !== ''),
  }
}

test('a line on the other stream goes above what is drawn, also after the terminal became narrower', () => {
  const screen = emulator(40)
  const { stdout, stderr } = processTerminal({}, [screen.stream, screen.stream])
  stdout.write('title\n')
  stdout.write(allowed(`${hide}${'#'.repeat(30)}\nmain 5/s\n`))
  stderr.write('interrupted\n')
  expect(screen.lines()).toEqual(['title', 'interrupted', '#'.repeat(30), 'main 5/s'])
  screen.resize(20)
  stderr.write('again\n')
  expect(screen.lines().filter((line) => !line.startsWith('#'))).toEqual([
    'title',
    'interrupted',
    'again',
    'main 5/s',
  ])
  expect(screen.lines().join('').match(/#/g)).toHaveLength(30)
  stdout.write(allowed(`\r${escape}[3A${escape}[J${show}done\n`))
  stderr.write('last\n')
  expect(screen.lines()).toEqual(['title', 'interrupted', 'again', 'done', 'last'])
})

test('a terminal that cannot move its cursor is none to draw on; NO_COLOR says nothing of the cursor', () => {
  const of = (env: Record<string, string>) => {
    const { stdout } = processTerminal(env, [emulator(0).stream, emulator(0).stream])
    return { isTTY: stdout.isTTY, color: stdout.color, columns: stdout.columns }
  }
  // a terminal that does not know its width says 0
  expect(of({ TERM: 'xterm' })).toEqual({ isTTY: true, color: true, columns: 80 })
  expect(of({ TERM: 'dumb' })).toEqual({ isTTY: false, color: false, columns: 80 })
  expect(of({ TERM: 'xterm', COLUMNS: '120' })).toMatchObject({ columns: 120 })
  expect(of({ TERM: 'xterm', COLUMNS: 'wide' })).toMatchObject({ columns: 80 })
  expect(of({ TERM: 'xterm', NO_COLOR: '1' })).toEqual({ isTTY: true, color: false, columns: 80 })
})

test('more than ASCII is shown unless the locale or the console says otherwise, and always stored', () => {
  const unicode = (env: Record<string, string>, isTTY = true): boolean | undefined => {
    const { stream } = emulator(80)
    return processTerminal(env, [Object.assign(stream, { isTTY }), stream]).stdout.unicode
  }
  expect(unicode({ TERM: 'xterm' })).toBe(true)
  expect(unicode({ TERM: 'xterm', LANG: 'de_DE.UTF-8' })).toBe(true)
  expect(unicode({ TERM: 'xterm', LANG: 'C', LC_ALL: '', LC_CTYPE: 'C.utf8' })).toBe(true)
  expect(unicode({ TERM: 'xterm', LANG: 'en_US.UTF-8', LC_ALL: 'C' })).toBe(false)
  expect(unicode({ TERM: 'linux', LANG: 'C.UTF-8' })).toBe(false)
  expect(unicode({ TERM: 'dumb', LANG: 'C' })).toBe(false)
  expect(unicode({ LANG: 'C' }, false)).toBe(true)
})

test('a person at a terminal is told what takes long before anything runs, and no one else', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const screen = emulator(40)
  const terminal = processTerminal({}, [screen.stream, screen.stream])
  const end = noticeWhenSlow(terminal, 'reading the configuration')
  vi.advanceTimersByTime(500)
  expect(screen.lines()).toEqual([])
  vi.advanceTimersByTime(500)
  terminal.stderr.write('a warning\n')
  expect(screen.lines()).toEqual(['a warning', 'reading the configuration …'])
  end()
  expect(screen.lines()).toEqual(['a warning'])
  const pipe = { isTTY: false, columns: 80, color: false, write: () => expect.unreachable() }
  noticeWhenSlow({ stdout: pipe, stderr: pipe }, 'reading the configuration')
  vi.advanceTimersByTime(5_000)
})
