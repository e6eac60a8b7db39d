import type { ChildProcess } from 'node:child_process'
import type { Awaitable, Json, PluginKind } from '@cloudbench/core'
import { fault, type FaultDetails } from './fault.ts'
import type { Job, Order, Report } from './job.ts'
import { collectOutput, type Command, killGroup, spawnChild } from './spawn.ts'

/** How to start a process of the kit, and when to give up on it. */
export interface Start extends Command {
  /** After this long it is killed, with everything that it started. */
  readonly limitMs: number
  /** It is also killed after this long without a turn of its event loop. */
  readonly stallMs: number
  /** By the question they answer. */
  readonly answers?: Readonly<Record<string, () => Awaitable<Json>>>
}

export interface Ended {
  /** Worth knowing, but not a fault. */
  readonly notes: readonly string[]
  /** What the job was to find out. */
  readonly value: Json
  /** Everything written to stdout and stderr. */
  readonly output: string
}

/** A process that is working on its job. */
export interface Running {
  /** Rejects with the fault that was found there, or with how the process ended. */
  readonly ended: Promise<Ended>
  /** The target of the loopback server it runs; never settles if it runs none. */
  readonly serving: Promise<string>
  tell(order: Order): void
  kill(signal: 'SIGSTOP' | 'SIGKILL'): void
}

/** What is known of a process so far. */
interface Progress {
  doing: string
  /** Infinity until the first message: a process that is starting has no event loop yet. */
  heardMs: number
  verdict?: Extract<Report, { type: 'passed' | 'fault' }>
  /** Why the kit killed it. */
  killedFor?: string
}

const watchMs = 250

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

/** Does a job in a process of its own. Rejects with the fault that was found there, or with how the process ended. */
export function inProcess(job: Job, start: Start): Promise<Ended> {
  return startProcess(job, start).ended
}

/** Starts a job in a process of its own. */
export function startProcess(job: Job, start: Start): Running {
  const child = spawnChild(start)
  const output = collectOutput(child)
  const progress: Progress = { doing: 'starting', heardMs: Infinity }
  const unwatch = watch(child, start, progress)
  const { promise: serving, resolve: serve } = Promise.withResolvers<string>()
  const tell = (order: Order): void => {
    if (child.connected) child.send(order, () => {})
  }
  child.on('message', (report: Report) => {
    progress.heardMs = performance.now()
    if (report.type === 'ready') tell({ type: 'job', job })
    else if (report.type === 'doing') progress.doing = report.what
    else if (report.type === 'serving') serve(report.target)
    else if (report.type === 'question') void reply(report.question, start, tell)
    else if (report.type !== 'alive') progress.verdict = report
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => reject(fault(notStarted(child.spawnfile, error))))
    child.once('close', (code, signal) => {
      const { verdict } = progress
      if (verdict?.type === 'passed')
        resolve({ notes: verdict.notes, value: verdict.value, output: output() })
      else reject(fault(verdict?.fault ?? endOf(code, signal, progress, output())))
    })
  })
  return { ended: ended.finally(unwatch), serving, tell, kill: (signal) => void child.kill(signal) }
}

/** Kills a process that takes too long, or whose event loop stands still. Returns how to stop watching. */
function watch(child: ChildProcess, { limitMs, stallMs }: Start, progress: Progress): () => void {
  const kill = (why: string): void => {
    progress.killedFor ??= why
    killGroup(child)
  }
  const limit = setTimeout(
    () => kill(`the process was killed while ${progress.doing}: it did not end within ${limitMs} ms`),
    limitMs,
  )
  const stall = setInterval(() => {
    if (performance.now() - progress.heardMs > stallMs)
      kill(`the process was killed while ${progress.doing}: its event loop stood still for ${stallMs} ms`)
  }, watchMs)
  return () => {
    clearTimeout(limit)
    clearInterval(stall)
  }
}

function notStarted(program: string, { code, message }: NodeJS.ErrnoException): FaultDetails {
  return {
    what: `${program} could not be started: ${code ?? message}`,
    expected: 'a program on the PATH',
    next: `install ${program}, or wrap workers in something else`,
  }
}

function endOf(
  code: number | null,
  signal: string | null,
  { doing, killedFor }: Progress,
  output: string,
): FaultDetails {
  if (killedFor !== undefined)
    return {
      what: killedFor,
      expected: 'a plugin that answers, and keeps the event loop running',
      next: 'use asynchronous functions, and do not wait for what may never come',
    }
  if (code === 70)
    return {
      what: 'the worker has lost the channel to its parent',
      expected: 'programs in `wrap` that exec the worker, and keep its environment and open files',
      next: 'wrap it in a program that execs, such as nice, taskset or numactl',
    }
  const how = signal === null ? `exited with code ${code}` : `was killed by ${signal}`
  const said = output.trim() === '' ? '' : `; its output:\n${output.trim()}`
  return {
    what: `the process ${how} while ${doing}${said}`,
    expected: 'a plugin that never ends the process it runs in',
    next: 'reject, throw or report what went wrong, and let the host end the process',
  }
}

async function reply(question: string, { answers }: Start, tell: Running['tell']): Promise<void> {
  try {
    const answer = answers?.[question]
    if (!answer) throw new Error(`no answer to "${question}"`)
    tell({ type: 'answer', answer: await answer() })
  } catch (error) {
    tell({ type: 'refusal', message: `${question}: ${String(error)}` })
  }
}
