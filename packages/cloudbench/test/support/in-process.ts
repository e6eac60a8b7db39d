import { runCli } from '../../src/cli.ts'
import type { CommandContext } from '../../src/command-context.ts'
import { lenient } from './cli.ts'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs one command line in this process, for tests that need hundreds. Rejects when it takes longer than 100 s. */
export async function runInProcess(
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  const context: CommandContext = {
    cwd,
    env: { ...lenient, ...env },
    terminal: {
      stdout: { isTTY: false, columns: 80, color: false, write: (text) => void (stdout += text) },
      stderr: { isTTY: false, columns: 80, color: false, write: (text) => void (stderr += text) },
    },
    version: '0.0.0',
    bundledFrom: new URL('../../src/command-context.ts', import.meta.url).href,
    redact: (text) => text,
    rememberUrl: () => {},
    isRead: false,
    told: new Set(),
  }
  let timer: NodeJS.Timeout | undefined
  const hangs = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`hangs: cloudbench ${argv.join(' ')}\n${stderr}`)), 100_000)
  })
  try {
    return { code: await Promise.race([runCli(argv, context), hangs]), stdout, stderr }
  } finally {
    clearTimeout(timer)
  }
}
