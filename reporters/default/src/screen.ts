import type { TerminalStream } from '@cloudbench/core'
import { widthOf } from './width.ts'

/** Lines that stay on the terminal, and below them a few that are replaced. */
export interface Screen {
  /** Prints lines that stay. The shown lines are erased first. */
  print(lines: readonly string[]): void
  /** Shows lines in place of those shown before. None may be wider than the terminal. */
  show(lines: readonly string[]): void
  /** Restores the terminal. Nothing is written after it. */
  close(): void
}

const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'

export function createScreen(stream: TerminalStream): Screen {
  let shown: readonly string[] = []
  let isClosed = false
  /** Back to where the shown lines begin, with everything from there on gone. A terminal that became narrower has broken them. */
  const erasing = (): string => {
    if (shown.length === 0) return ''
    const rows = shown.map((line) => Math.max(1, Math.ceil(widthOf(line) / stream.columns)))
    return `\r\u001B[${rows.reduce((sum, own) => sum + own)}A\u001B[J${showCursor}`
  }
  return {
    print(lines) {
      if (isClosed || lines.length === 0) return
      stream.write(`${erasing()}${lines.join('\n')}\n`)
      shown = []
    },
    show(lines) {
      if (isClosed) return
      stream.write(`${erasing()}${hideCursor}${lines.join('\n')}\n`)
      shown = lines
    },
    close() {
      if (isClosed) return
      if (shown.length > 0) stream.write(erasing())
      isClosed = true
    },
  }
}
