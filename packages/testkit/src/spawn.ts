import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How to start a process of the kit. */
export interface Command {
  /** Programs to run it under, outermost first. */
  readonly wrap?: readonly string[]
  /** Flags for node. */
  readonly execArgv?: readonly string[]
  /** On top of this process's own. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Whether killing it kills everything it started. @default true */
  readonly isGroup?: boolean
}

// a plugin is loaded two dozen times and compiled once, in the cache that Node.js uses by default
const compileCache = join(tmpdir(), 'node-compile-cache')
const outputLimit = 8_192
const pipesLimitMs = 1_000

/** Children that would outlive this process: a blocked child does not notice that its parent is gone. */
const living = new Set<ChildProcess>()
process.once('exit', () => living.forEach(killGroup))

/** Starts a process of the kit: from source in a workspace, from the build elsewhere. */
export function spawnChild({ wrap = [], execArgv = [], env, cwd, isGroup = true }: Command): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts')
  const flags = isSource ? ['--conditions=@cloudbench/source', '--no-warnings'] : ['--no-warnings']
  const main = fileURLToPath(new URL(`./child/main.${isSource ? 'ts' : 'js'}`, import.meta.url))
  const [program, ...args] = [...wrap, process.execPath, ...flags, ...execArgv, main]
  const child = spawn(program, args, {
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    detached: isGroup,
  })
  living.add(child)
  child.once('close', () => living.delete(child))
  return child
}

/** Collects stdout and stderr; returns how to read the end of them. */
export function collectOutput(child: ChildProcess): () => string {
  let output = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-outputLimit)
    })
  child.once('exit', () => {
    // a process that the plugin left behind may hold the pipes open
    setTimeout(() => {
      child.stdout!.destroy()
      child.stderr!.destroy()
    }, pipesLimitMs).unref()
  })
  return () => output
}

/** Only while its leader lives: after that, the pid may belong to another process. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}
