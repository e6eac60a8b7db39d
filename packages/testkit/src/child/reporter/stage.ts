import type { Output, Terminal, TerminalStream } from '@cloudbench/core'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { fault, type FaultError } from '../../fault.ts'
import { stray } from '../../stray.ts'

/** Everything that a reporter can write to, and what came of it. */
export interface Stage {
  readonly output: Output
  readonly terminal: Terminal
  /** What was written to the terminal so far. */
  written(): string
  /** What of it went to standard output. */
  printed(): string
  /** The first thing that the reporter should not have done, even when it made nothing of the refusal. */
  misuse(): FaultError | undefined
}

/** A folder, and a terminal that only listens. */
export function createStage(folder: string, isTTY: boolean): Stage {
  let text = ''
  let printed = ''
  let misuse: FaultError | undefined
  const stream: TerminalStream = {
    isTTY,
    columns: 80,
    write(words) {
      if (typeof words !== 'string')
        misuse ??= fault({
          what: `the reporter writes ${typeof words} to the terminal`,
          expected: 'text',
          next: 'String(…), or JSON.stringify(…)',
        })
      text += words
    },
  }
  const stdout: TerminalStream = {
    ...stream,
    write(words) {
      stream.write(words)
      printed += words
    },
  }
  const place = (file: string): string => {
    const path = resolve(folder, file)
    if (path.startsWith(`${folder}${sep}`)) return path
    misuse ??= stray(file)
    throw misuse
  }
  const put =
    (how: typeof writeFile): Output['write'] =>
    async (file, content) => {
      const path = place(file)
      await mkdir(dirname(path), { recursive: true })
      await how(path, content)
      return path
    }
  return {
    output: { folder, write: put(writeFile), append: put(appendFile as typeof writeFile) },
    terminal: { stdout, stderr: stream, color: false },
    written: () => text,
    printed: () => printed,
    misuse: () => misuse,
  }
}
