import type { WriteStream } from 'node:tty'
import type { Terminal, TerminalStream } from '@cloudbench/core'

/** The terminal of this process. A reader that goes away, such as `head`, ends the output, not the run. */
export function processTerminal(): Terminal {
  return {
    stdout: streamOf(process.stdout),
    stderr: streamOf(process.stderr),
  }
}

/** `FORCE_COLOR` wins over `NO_COLOR`, and both win over the kind of stream. */
function wantsColor(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (no !== undefined && no !== '') return false
  return isTTY && term !== 'dumb'
}

function streamOf(stream: WriteStream): TerminalStream {
  let isOpen = true
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false
    // there is no reader left
    if (error.code !== 'EPIPE' && stream !== process.stderr)
      process.stderr.write(`output was lost: ${error.message}\n`)
  })
  return {
    isTTY: stream.isTTY,
    color: wantsColor(process.env, stream.isTTY),
    get columns() {
      return stream.columns > 0 ? stream.columns : 80
    },
    write(text) {
      if (isOpen) stream.write(text)
    },
  }
}
