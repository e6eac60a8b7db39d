import type { Awaitable, Json, PluginKind } from '@cloudbench/core'
import type { Job, Order, Report } from './job.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fault, type FaultDetails } from './fault.ts'

/** How to start a process of the kit. */
export interface Start {
  /** Programs to run it under, outermost first. */
  readonly wrap?: readonly string[]
  /** Flags for node. */
  readonly execArgv?: readonly string[]
  /** On top of this process's own. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** After this long it is killed, with everything that it started. */
  readonly limitMs: number
  /** After this long without a turn of its event loop, too. */
  readonly stallMs: number
  /** By the question that they answer. */
  readonly answers?: Readonly<Record<string, () => Awaitable<Json>>>
}

export interface Ended {
  /** What is worth knowing and no fault. */
  readonly notes: readonly string[]
  /** What the job was to find out. */
  readonly value: Json
  /** Everything that was written to stdout and stderr. */
  readonly output: string
}

// a plugin is loaded two dozen times, and compiled once; where Node.js itself would put it
const compileCache = join(tmpdir(), 'node-compile-cache')
const outputLimit = 8_192
const pipesLimitMs = 1_000
const watchMs = 250

/** The command line of a process of the kit: the source in a workspace, the build elsewhere. */
function commandOf({ wrap = [], execArgv = [] }: Pick<Start, 'wrap' | 'execArgv'>): string[] {
  const isSource = import.meta.url.endsWith('.ts')
  const flags = isSource ? ['--conditions=@cloudbench/source', '--no-warnings'] : ['--no-warnings']
  const main = fileURLToPath(new URL(`./child/main.${isSource ? 'ts' : 'js'}`, import.meta.url))
  return [...wrap, process.execPath, ...flags, ...execArgv, main]
}

/** How long a process may take, by how long a single call into the plugin may take. */
export function deadlines(limitMs: number): Pick<Start, 'limitMs' | 'stallMs'> {
  // a job has several deadlines of its own, and to start a process takes long on a busy machine
  return { limitMs: 6 * limitMs + 60_000, stallMs: 4 * limitMs }
}

/** A fault when anything was printed. */
export function expectSilence({ output }: Ended, kind: PluginKind): void {
  if (output === '') return
  throw fault({
    what: `the ${kind} prints: ${JSON.stringify(output.slice(0, 200))}`,
    expected: 'silence: the terminal belongs to a reporter',
    next:
      kind === 'reporter' ? "context.terminal, with `terminal: 'screen'`" : 'context.log instead of console',
  })
}

/** What would outlive this process: a child that is blocked does not notice that its parent is gone. */
const living = new Set<ChildProcess>()
process.once('exit', () => living.forEach(killGroup))

/** Does a job in a process of its own. Rejects with the fault that was found there, or with how the process ended. */
export async function inProcess(job: Job, start: Start): Promise<Ended> {
  const [program, ...args] = commandOf(start)
  const child = spawn(program!, args, {
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env, ...start.env },
    ...(start.cwd !== undefined && { cwd: start.cwd }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    // a group of its own, so that what a plugin has started goes with it
    detached: true,
  })
  living.add(child)
  child.once('close', () => living.delete(child))
  let output = ''
  const hear = (text: string): void => {
    output = (output + text).slice(-outputLimit)
  }
  child.stdout!.setEncoding('utf8').on('data', hear)
  child.stderr!.setEncoding('utf8').on('data', hear)
  const told = await listen(child, job, start, program!)
  return { ...told(output), output }
}

type Told = (output: string) => Pick<Ended, 'notes' | 'value'>

/** Resolves when the process has ended, with how to read what it said. */
function listen(
  child: ChildProcess,
  job: Job,
  { limitMs, stallMs, answers }: Start,
  program: string,
): Promise<Told> {
  return new Promise((resolve) => {
    let doing = 'starting'
    let verdict: Extract<Report, { type: 'passed' | 'fault' }> | undefined
    let ended: string | undefined
    // a process that is being started has no event loop yet
    let heardMs = Infinity
    const end = (why: string): void => {
      ended ??= why
      killGroup(child)
    }
    const patience = setTimeout(() => {
      end(`it does not come to an end within ${limitMs} ms while ${doing}, and was killed`)
    }, limitMs)
    const watch = setInterval(() => {
      if (performance.now() - heardMs > stallMs)
        end(
          `the event loop stands still while ${doing}: nothing was heard of the process for ${stallMs} ms, and it was killed`,
        )
    }, watchMs)
    const rest = (): void => {
      clearTimeout(patience)
      clearInterval(watch)
    }
    child.once('error', (error: NodeJS.ErrnoException) => {
      rest()
      resolve(() => {
        throw fault({
          what: `${program} could not be started: ${error.code ?? error.message}`,
          expected: 'a program on the PATH',
          next: `install ${program}, or wrap workers in something else`,
        })
      })
    })
    child.on('message', (report: Report) => {
      heardMs = performance.now()
      switch (report.type) {
        case 'ready':
          send(child, { type: 'job', job })
          break
        case 'doing':
          doing = report.what
          break
        case 'question':
          void reply(child, answers?.[report.question], report.question)
          break
        case 'passed':
        case 'fault':
          verdict = report
          break
        case 'alive':
        case 'serving':
          break
      }
    })
    child.once('exit', () => {
      // a process that the plugin left behind may hold the pipes open
      setTimeout(() => {
        child.stdout!.destroy()
        child.stderr!.destroy()
      }, pipesLimitMs).unref()
    })
    child.once('close', (code, signal) => {
      rest()
      resolve((output) => {
        if (verdict?.type === 'passed') return { notes: verdict.notes, value: verdict.value }
        if (verdict) throw fault(verdict.fault)
        if (ended !== undefined)
          throw fault({
            what: ended,
            expected: 'a plugin that leaves the event loop running, and answers',
            next: 'use asynchronous functions, and wait for nothing that cannot come',
          })
        throw fault(endOf(code, signal, doing, output))
      })
    })
  })
}

function endOf(code: number | null, signal: string | null, doing: string, output: string): FaultDetails {
  if (code === 70)
    return {
      what: 'the worker has lost the channel to its parent',
      expected: 'programs in `wrap` that exec the worker, and keep its environment and open files',
      next: 'wrap it in a program that execs, such as nice, taskset or numactl',
    }
  const how = signal === null ? `exited with code ${code}` : `was killed by ${signal}`
  const said = output.trim() === '' ? '' : `; it said:\n${output.trim()}`
  return {
    what: `the process ${how} while ${doing}${said}`,
    expected: 'a plugin that never ends the process it runs in',
    next: 'reject, throw or report what went wrong, and leave the ending to the host',
  }
}

async function reply(
  child: ChildProcess,
  answer: (() => Awaitable<Json>) | undefined,
  question: string,
): Promise<void> {
  try {
    if (!answer) throw new Error(`no answer to "${question}"`)
    send(child, { type: 'answer', answer: await answer() })
  } catch (error) {
    send(child, { type: 'refusal', message: `${question}: ${String(error)}` })
  }
}

function send(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order, () => {})
}

/** Only as long as its leader lives: later the number may belong to another process. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}
