import type { TerminalStream } from '@cloudbench/core'
import xterm from '@xterm/headless'

/** A terminal that obeys escape codes, breaks lines again when it is resized, and shows what a person would see. */
export interface VirtualTerminal {
  readonly stream: TerminalStream
  resize(columns: number, rows?: number): Promise<void>
  /** What is on the screen and above it, without empty lines at the end. */
  lines(): Promise<readonly string[]>
  /** Where the next letter would go. */
  cursor(): Promise<{ readonly column: number; readonly isShown: boolean }>
}

export function createVirtualTerminal(
  columns: number,
  rows = 24,
  { color = false, unicode = true }: { readonly color?: boolean; readonly unicode?: boolean } = {},
): VirtualTerminal {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 1_000, allowProposedApi: true })
  let isShown = true
  const written = (): Promise<void> => new Promise((resolve) => terminal.write('', resolve))
  return {
    stream: {
      isTTY: true,
      color,
      unicode,
      get columns() {
        return terminal.cols
      },
      get rows() {
        return terminal.rows
      },
      write(text) {
        const [hidden, shown] = [text.lastIndexOf('\u001B[?25l'), text.lastIndexOf('\u001B[?25h')]
        if (hidden !== shown) isShown = shown > hidden
        // as the line discipline of a terminal does
        terminal.write(text.replaceAll('\n', '\r\n'))
      },
    },
    async resize(to, lines = terminal.rows) {
      await written()
      terminal.resize(to, lines)
    },
    async lines() {
      await written()
      const { active } = terminal.buffer
      const all = Array.from({ length: active.length }, (_, at) =>
        active.getLine(at)!.translateToString(true),
      )
      while (all.at(-1) === '') all.pop()
      return all
    },
    async cursor() {
      await written()
      return { column: terminal.buffer.active.cursorX, isShown }
    },
  }
}
