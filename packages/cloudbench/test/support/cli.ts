import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface CliOptions {
  /** The folder to run in. */
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** A program, with arguments, that runs the rest of the command line: `['nice', '-n', '5']`. */
  readonly within?: readonly string[]
  /** Leads a process group of its own, as in a terminal. */
  readonly detached?: boolean
}

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<Ended>
}

/** The whole program in its own process, as typed. It ends with the test. */
export function startCli(
  args: readonly string[],
  { cwd, env, within = [], detached = false }: CliOptions,
): RunningCli {
  const [file, ...rest] = [...within, process.execPath, '--conditions=@cloudbench/source', program, ...args]
  const child = spawn(file!, rest, {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

export async function cloudbench(args: readonly string[], options: CliOptions): Promise<Ended> {
  return await startCli(args, options).ended
}

/** The words of a command line without quotes. */
export function typed(line: string): string[] {
  return line.split(' ')
}

/** An empty folder outside the repository, gone after the test, with these files in it. */
export async function folder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'cloudbench-cli-')))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), content)
  }
  return path
}

/** Waits for something that happens in another process. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 100_000
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error('it did not happen within 100 s')
    await sleep(20)
  }
}

/** The machine of a test is busy with others. What that does to numbers matters to few tests, which set it to `false`. */
export const lenient = { CLOUDBENCH_DEFAULTS__VERDICT__ALLOW_INVALID: 'true' }

/** Nothing from the developer who runs the tests: no settings, no colours, no `_` that says that they used `nohup`. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(CLOUDBENCH_|FORCE_COLOR|NO_COLOR|NODE_OPTIONS|VITEST|TEST|_$)/.test(name),
  )
  return { ...Object.fromEntries(kept), ...lenient }
}
