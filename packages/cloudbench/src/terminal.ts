import type { WriteStream } from 'node:tty'
import type { Terminal, TerminalStream } from '@cloudbench/core'
import { gate, rowsOf } from '@cloudbench/core/text'

/** The terminal of this process, and what became of what was written to it. */
export interface ProcessTerminal extends Terminal {
  /** Waits until everything is written. */
  written(): Promise<Written>
}

export interface Written {
  /** Why some of it was lost. */
  readonly losses: readonly string[]
  /** No one reads standard output any more: people with `head` have seen enough, a program expects the rest. */
  readonly isClosed: boolean
}

/** The only place that writes to the terminal, behind the only gate. */
export function processTerminal(
  env: NodeJS.ProcessEnv = process.env,
  [output, errors]: readonly [WriteStream, WriteStream] = [process.stdout, process.stderr],
): ProcessTerminal {
  const stdout = streamOf(output, 'standard output', env)
  const stderr = streamOf(errors, 'standard error', env)
  const streams = [stdout, stderr]
  return {
    stdout: above(stdout, streams),
    stderr: above(stderr, streams),
    async written() {
      await Promise.all(streams.map((stream) => stream.flushed()))
      const losses = streams.map(({ loss }) => loss).filter((loss) => loss !== undefined)
      return { losses, isClosed: stdout.isClosed }
    },
  }
}

/** A line on one stream goes above what is drawn on the other: both are one terminal, and the drawing counts its own lines. */
function above(stream: ProcessStream, streams: readonly ProcessStream[]): TerminalStream {
  const others = streams.filter((other) => other !== stream && other.isTTY && stream.isTTY)
  if (others.length === 0) return stream
  const write = (text: string): void => {
    const putBack = others.map((other) => other.lift())
    stream.write(text)
    for (const put of putBack) put()
  }
  return Object.defineProperties(
    { ...stream, write },
    { columns: { get: () => stream.columns }, rows: { get: () => stream.rows } },
  )
}

/** The console of Linux has few letters, and a locale may say that there are none but ASCII. No locale says nothing. */
function showsUnicode({ LC_ALL, LC_CTYPE, LANG, TERM }: NodeJS.ProcessEnv): boolean {
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '')
  return TERM !== 'linux' && (locale === undefined || /utf-?8/i.test(locale))
}

/** `FORCE_COLOR` wins over `NO_COLOR`, and both win over the kind of stream. */
function wantsColor(env: NodeJS.ProcessEnv, isTTY: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no } = env
  if (force !== undefined) return force !== '0' && force !== 'false'
  return isTTY && (no === undefined || no === '')
}

interface ProcessStream extends TerminalStream {
  readonly loss: string | undefined
  /** Its reader has gone away. */
  readonly isClosed: boolean
  flushed(): Promise<void>
  /** Erases what is drawn, and returns what draws it again. */
  lift(): () => void
}

const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'

function streamOf(stream: WriteStream, name: string, env: NodeJS.ProcessEnv): ProcessStream {
  let isOpen = true
  let isClosed = false
  let loss: string | undefined
  // what a reporter has drawn since it hid the cursor; its next drawing takes the place of this one
  let drawing = ''
  // a reader that goes away, such as `head`, ends the output, not the run
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false
    if (error.code === 'EPIPE') isClosed = true
    else loss ??= `${name} was lost: ${error.message}`
  })
  const put = (written: string): void => {
    if (isOpen) stream.write(written)
  }
  // as a shell exports it, for what is piped
  const exported = Number(env['COLUMNS'])
  const columns = (): number => (stream.columns > 0 ? stream.columns : exported > 0 ? exported : 80)
  // a terminal that cannot move its cursor is none to draw on
  const isTTY = stream.isTTY && env['TERM'] !== 'dumb'
  if (isTTY) process.once('exit', () => put(drawing === '' ? '' : showCursor))
  return {
    isTTY,
    color: wantsColor(env, isTTY),
    // what is not shown but stored, such as a log, is UTF-8
    unicode: !stream.isTTY || showsUnicode(env),
    get columns() {
      return columns()
    },
    get rows() {
      return stream.rows > 0 ? stream.rows : undefined
    },
    get loss() {
      return loss
    },
    get isClosed() {
      return isClosed
    },
    write(text) {
      const written = gate(text)
      const hidden = written.lastIndexOf(hideCursor)
      if (hidden >= 0) drawing = written.slice(hidden)
      if (written.lastIndexOf(showCursor) > hidden) drawing = ''
      put(written)
    },
    lift() {
      const lifted = drawing
      if (lifted === '') return () => {}
      const lines = lifted.split('\n').slice(0, -1)
      const rows = lines.reduce((sum, line) => sum + rowsOf(line, columns()), 0)
      put(`\r\u001B[${rows}A\u001B[J`)
      return () => put(lifted)
    },
    async flushed() {
      if (isOpen) await new Promise<void>((resolve) => stream.write('', () => resolve()))
      // the event that tells of an error comes after the call
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
