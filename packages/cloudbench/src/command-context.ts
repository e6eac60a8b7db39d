import { readFileSync } from 'node:fs'
import type { Terminal } from '@cloudbench/core'
import { redactText } from '@cloudbench/core/text'
import { processTerminal, type Written } from './terminal.ts'

/** What a command knows about the process that it runs in. */
export interface CommandContext {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly terminal: Terminal
  /** The version of cloudbench. */
  readonly version: string
  /** `file:` URL that bundled plugins are resolved from. */
  readonly bundledFrom: string
  /** Keeps secrets out of the output: at first those in their usual places, and all once the configuration has been read. */
  redact: (text: string) => string
  /** Keeps the password of a url out of the output too. */
  rememberUrl: (url: string) => void
  /** A program reads standard output: a part of it is not enough. */
  isRead: boolean
  /** Waits until everything is written, and says what of it was lost. Absent: nothing can be. */
  readonly written?: () => Promise<Written>
  /** Whether the process is this command's alone, so that it may be ended. */
  readonly ownsProcess?: boolean
  /** Losses that the user knows of. */
  readonly told: Set<string>
  /** What has not answered yet, for when the event loop runs dry. Absent: there is no run. */
  pending?: () => readonly string[]
}

interface Losses {
  /** Those that no one has said yet. */
  readonly untold: readonly string[]
  readonly isLost: boolean
  /** Standard output takes no more. */
  readonly isClosed: boolean
}

export function createCommandContext(): CommandContext {
  const terminal = processTerminal()
  return {
    cwd: process.cwd(),
    env: process.env,
    terminal,
    isRead: false,
    ownsProcess: true,
    told: new Set(),
    written: () => terminal.written(),
    version: ownVersion(),
    bundledFrom: import.meta.url,
    redact: redactText,
    rememberUrl: () => {},
  }
}

function ownVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

/** What of the output was lost to those who asked for it. The caller says so. */
export async function lossesOf(context: CommandContext): Promise<Losses> {
  const { losses, isClosed } = (await context.written?.()) ?? { losses: [], isClosed: false }
  const gone = isClosed && context.isRead ? ['standard output was closed before all of it was written'] : []
  const all = [...losses, ...gone]
  const untold = all.filter((loss) => !context.told.has(loss))
  for (const loss of untold) context.told.add(loss)
  return { untold, isLost: all.length > 0, isClosed: isClosed || all.length > 0 }
}
