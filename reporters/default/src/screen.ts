import type { TerminalStream } from '@cloudbench/core'
import { rowsOf } from '@cloudbench/core/text'
import { plain } from './plain.ts'

/** Lines that stay on the terminal, and below them a few that are replaced. */
export interface Screen {
  /** Prints lines that stay. The shown lines are erased first. */
  print(lines: readonly string[]): void
  /** Shows lines in place of those shown before. None may be wider than the terminal; those it is too low for are left out. */
  show(lines: readonly string[]): void
  /** Erases the shown lines. */
  clear(): void
  /** Restores the terminal. Nothing is written after it. */
  close(): void
}

const eraseRowAbove = '\u001B[1A\u001B[2K'
const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'

export function createScreen(stream: TerminalStream): Screen {
  let shown: readonly string[] = []
  let isClosed = false
  /**
   * Back to where the shown lines begin, row by row: tmux would keep a copy of a screen that is erased as a whole. A terminal
   * that became narrower has broken them.
   */
  const erasing = (): string => {
    if (shown.length === 0) return ''
    const rows = shown.map((line) => rowsOf(line, stream.columns))
    return `\r${eraseRowAbove.repeat(rows.reduce((sum, own) => sum + own))}${showCursor}`
  }
  const write = (text: string): void => stream.write(stream.unicode === false ? plain(text) : text)
  const clear = (): void => {
    if (shown.length > 0 && !isClosed) write(erasing())
    shown = []
  }
  return {
    print(lines) {
      if (isClosed || lines.length === 0) return
      write(`${erasing()}${lines.join('\n')}\n`)
      shown = []
    },
    show(lines) {
      // what scrolls away cannot be replaced any more
      const most = Math.max(1, (stream.rows ?? Infinity) - 1)
      const fitting =
        lines.length <= most
          ? lines
          : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more lines`]
      if (isClosed || fitting.length === 0) return
      write(`${erasing()}${hideCursor}${fitting.join('\n')}\n`)
      shown = fitting
    },
    clear,
    close() {
      clear()
      isClosed = true
    },
  }
}
