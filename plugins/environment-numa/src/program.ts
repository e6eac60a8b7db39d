import { execFile } from 'node:child_process'

/** The programs of this environment answer within milliseconds. */
const limitMs = 3_000
const outputLimitBytes = 4 * 1024 * 1024

const packages: Readonly<Record<string, string>> = { numactl: 'numactl', taskset: 'util-linux' }

export interface Ran {
  readonly stdout: string
  /** Why it failed; absent if it ended with 0. */
  readonly failure?: string
}

/** Runs a program to its end. Never rejects. */
export function runProgram([program, ...args]: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { timeout: limitMs, maxBuffer: outputLimitBytes, killSignal: 'SIGKILL' } as const
    execFile(program!, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout })
      else if (error.code === 'ENOENT')
        resolve({ stdout, failure: `${program} is not installed (package ${packages[program!] ?? program})` })
      else {
        const said = stderr.split('\n').find((line) => line.trim() !== '')
        const ended = error.killed ? `no answer within ${limitMs} ms` : `exit code ${error.code}`
        resolve({ stdout, failure: said?.trim() ?? `${program}: ${ended}` })
      }
    })
  })
}
