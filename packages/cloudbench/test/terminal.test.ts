import { EventEmitter } from 'node:events'
import type { WriteStream } from 'node:tty'
import { allowed } from '@cloudbench/core/text'
import { expect, test } from 'vitest'
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
  expect(of({ TERM: 'xterm', NO_COLOR: '1' })).toEqual({ isTTY: true, color: false, columns: 80 })
})
