import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import type { Output, ScreenTerminal, TerminalStream } from '@cloudbench/core'
import { fault, type FaultError } from '../../fault.ts'
import { stray } from '../../stray.ts'

/** Everything a reporter can write to, and what it wrote. */
export interface Stage {
  readonly output: Output
  readonly terminal: ScreenTerminal
  /** What was written to each stream so far. */
  readonly written: Readonly<Record<StreamName, string>>
  /** The first forbidden write, even if the reporter ignored its refusal. */
  misuse(): FaultError | undefined
}

export type StreamName = 'stdout' | 'stderr'

interface Setting {
  readonly isTTY?: boolean
  /** The stream that people are to read. @default stdout */
  readonly screen?: StreamName
}

/** A folder, and a terminal that only records. */
export function createStage(folder: string, { isTTY = false, screen = 'stdout' }: Setting = {}): Stage {
  const written = { stdout: '', stderr: '' }
  let misuse: FaultError | undefined
  const stream = (name: StreamName): TerminalStream => ({
    isTTY,
    columns: 80,
    color: false,
    write(words) {
      if (typeof words !== 'string')
        misuse ??= fault({
          what: `the reporter writes ${typeof words} to the terminal`,
          expected: 'text',
          next: 'String(…), or JSON.stringify(…)',
        })
      written[name] += words
    },
  })
  const streams = { stdout: stream('stdout'), stderr: stream('stderr') }
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
    terminal: { ...streams, screen: streams[screen] },
    written,
    misuse: () => misuse,
  }
}
