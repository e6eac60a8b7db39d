import { readFileSync } from 'node:fs'
import type { Terminal } from '@cloudbench/core'
import { redactText } from '@cloudbench/core/text'
import { processTerminal } from './terminal.ts'

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
  /** Waits until everything is written, and says what of it was lost. Absent: nothing can be. */
  readonly losses?: () => Promise<readonly string[]>
  /** What has not answered yet, for when the event loop runs dry. */
  pending: () => readonly string[]
}

export function createCommandContext(): CommandContext {
  const terminal = processTerminal()
  return {
    cwd: process.cwd(),
    env: process.env,
    terminal,
    losses: () => terminal.losses(),
    version: ownVersion(),
    bundledFrom: import.meta.url,
    redact: redactText,
    rememberUrl: () => {},
    pending: () => [],
  }
}

function ownVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
