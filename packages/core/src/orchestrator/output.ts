import { appendFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { CloudbenchError, messageOf } from '../errors.ts'
import type { Logger } from '../plugin/common.ts'
import type { Output, Terminal, TerminalStream } from '../plugin/reporter.ts'

type Redact = (text: string) => string

/** Files below a folder; text passes through `redact`. */
export function createOutput(folder: string, redact: Redact): Output {
  const clean = (content: string | Uint8Array): string | Uint8Array =>
    typeof content === 'string' ? redact(content) : content
  return {
    folder,
    async write(file, content) {
      const path = resolve(folder, file)
      const draft = `${path}.${process.pid}.tmp`
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(draft, clean(content))
        // readers see the old file or the new one, never half of it
        await rename(draft, path)
      } catch (cause) {
        await rm(draft, { force: true }).catch(() => {})
        throw unwritable(path, cause)
      }
      return path
    },
    async append(file, content) {
      const path = resolve(folder, file)
      try {
        await mkdir(dirname(path), { recursive: true })
        await appendFile(path, clean(content))
      } catch (cause) {
        throw unwritable(path, cause)
      }
      return path
    },
  }
}

/** The terminal, with everything that is written to it redacted. */
export function redactedTerminal({ stdout, stderr }: Terminal, redact: Redact): Terminal {
  const cleaned = (stream: TerminalStream): TerminalStream => ({
    get isTTY() {
      return stream.isTTY
    },
    get columns() {
      return stream.columns
    },
    color: stream.color,
    write: (text) => stream.write(redact(text)),
  })
  return { stdout: cleaned(stdout), stderr: cleaned(stderr) }
}

/** Where plugins write for people: stderr, each line prefixed by its source. */
export function terminalLog({ stderr }: Terminal): (source: string) => Logger {
  return (source) => {
    const say = (message: string): void => stderr.write(`[${source}] ${message}\n`)
    return { debug: () => {}, info: say, warn: say }
  }
}

function unwritable(path: string, cause: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_OUTPUT',
    what: `${path} cannot be written: ${messageOf(cause)}`,
    expected: 'a writable folder with free space',
    next: '--output <folder>',
    cause,
  })
}
