import type { WriteStream } from 'node:tty'
import type { Terminal, TerminalStream } from '@cloudbench/core'
import { gate } from '@cloudbench/core/text'

/** The terminal of this process, and what became of what was written to it. */
export interface ProcessTerminal extends Terminal {
  /** Waits until everything is written. Resolves with why some of it was lost; a reader that goes away has seen enough. */
  losses(): Promise<readonly string[]>
}

/** The only place that writes to the terminal, behind the only gate. */
export function processTerminal(): ProcessTerminal {
  const stdout = streamOf(process.stdout, 'standard output')
  const stderr = streamOf(process.stderr, 'standard error')
  return {
    stdout,
    stderr,
    async losses() {
      await Promise.all([stdout.flushed(), stderr.flushed()])
      return [stdout.loss, stderr.loss].filter((loss) => loss !== undefined)
    },
  }
}

/** `FORCE_COLOR` wins over `NO_COLOR`, and both win over the kind of stream. */
function wantsColor(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, TERM: term } = env
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (no !== undefined && no !== '') return false
  return isTTY && term !== 'dumb'
}

interface ProcessStream extends TerminalStream {
  readonly loss: string | undefined
  flushed(): Promise<void>
}

function streamOf(stream: WriteStream, name: string): ProcessStream {
  let isOpen = true
  let loss: string | undefined
  // a reader that goes away, such as `head`, ends the output, not the run
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false
    if (error.code !== 'EPIPE') loss ??= `${name} was lost: ${error.message}`
  })
  return {
    isTTY: stream.isTTY,
    color: wantsColor(process.env, stream.isTTY),
    get columns() {
      return stream.columns > 0 ? stream.columns : 80
    },
    get loss() {
      return loss
    },
    write(text) {
      if (isOpen) stream.write(gate(text))
    },
    async flushed() {
      if (isOpen) await new Promise<void>((resolve) => stream.write('', () => resolve()))
      // the event that tells of an error comes after the call
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}
