import type { WorkerInterval } from '../metrics/delta.ts'
import type { Command, Event, RequestName, Requests } from '../protocol/protocol.ts'
import { type ChildProcess, spawn } from 'node:child_process'
import { CloudbenchError } from '../errors.ts'
import { within } from '../hooks/deadline.ts'
import { fromWire } from '../protocol/wire-error.ts'

/** Enough of what a process last said to see why it died. */
const stderrLimit = 8_192
/** A process that has lost its channel, or was told to close, may take this long to end. */
const endLimitMs = 2_000

export interface ChildOptions {
  /** Such as `worker 2`; stands in every error. */
  readonly name: string
  /** The whole command line. Never holds a secret: anyone on the machine can read it. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onInterval?: (interval: WorkerInterval) => void
  readonly onLog: (level: 'debug' | 'info' | 'warn', message: string) => void
}

/** A process of ours that answers requests over IPC. */
export interface Child {
  readonly name: string
  readonly pid: number
  request<Name extends RequestName>(
    name: Name,
    command: Requests[Name]['command'],
    limitMs?: number,
  ): Promise<Requests[Name]['answer']>
  stop(graceMs: number): void
  /** Ends the process at once. */
  kill(): void
  /** Resolves when the process has ended, asked or not. Never rejects. */
  readonly ended: Promise<void>
  /** When it last said anything, on `performance.now()`. */
  readonly lastHeardMs: number
}

/** Starts a process and resolves when it has been started; rejects when that is not possible. */
export async function startChild({ name, argv, env, onInterval, onLog }: ChildOptions): Promise<Child> {
  const child = spawn(argv[0]!, argv.slice(1), {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  let stderr = ''
  let lastHeardMs = performance.now()
  let nextId = 1
  let failure: CloudbenchError | undefined
  const waiting = new Map<number, { resolve(answer: never): void; reject(error: unknown): void }>()

  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const fail = (error: CloudbenchError): void => {
    failure ??= error
    for (const { reject } of waiting.values()) reject(failure)
    waiting.clear()
  }

  // without a file descriptor left, there are no pipes, and `error` says why
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrLimit)
  })
  forEachLine(child, (line) => onLog('info', line))
  child.on('message', (event: Event) => {
    lastHeardMs = performance.now()
    switch (event.type) {
      case 'answer':
        waiting.get(event.id)?.resolve(event.answer as never)
        waiting.delete(event.id)
        break
      case 'refusal':
        waiting.get(event.id)?.reject(fromWire(event.error))
        waiting.delete(event.id)
        break
      case 'interval':
        onInterval?.(event)
        break
      case 'log':
        onLog(event.level, event.message)
        break
      case 'broken':
        fail(fromWire({ ...event.error, what: `${name} cannot go on: ${event.error.what}` }))
        child.kill('SIGKILL')
    }
  })
  child.once('disconnect', () => {
    setTimeout(() => child.kill('SIGKILL'), endLimitMs).unref()
  })
  child.once('close', (code, signal) => fail(exitError(name, argv, code, signal, stderr)))
  await started(child, name, argv)

  return {
    name,
    pid: child.pid!,
    request(type, command, limitMs) {
      const id = nextId++
      const answered = new Promise<never>((resolve, reject) => {
        if (failure) reject(failure)
        else waiting.set(id, { resolve, reject })
      })
      send(child, { type, id, ...command } as Command)
      return limitMs === undefined
        ? answered
        : within(limitMs, () => answered).catch((error: unknown) => rethrow(error, name, type))
    },
    stop: (graceMs) => send(child, { type: 'stop', graceMs }),
    kill: () => void child.kill('SIGKILL'),
    ended,
    get lastHeardMs() {
      return lastHeardMs
    },
  }
}

/** A channel that is gone shows as the end of the process, which rejects what was asked. */
function send(child: ChildProcess, command: Command): void {
  if (child.connected) child.send(command, () => {})
}

function started(child: ChildProcess, name: string, argv: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const isMissing = cause.code === 'ENOENT'
      reject(
        new CloudbenchError({
          code: 'CB_WORKER_EXITED',
          what: `${name} could not be started: ${argv[0]}: ${cause.code ?? cause.message}`,
          expected: isMissing ? 'a program on the PATH' : 'room for another process',
          next: isMissing
            ? `install ${argv[0]}, or leave out the environment that wraps workers in it`
            : 'look at the limits of this shell: `ulimit -a`',
          cause,
        }),
      )
    })
  })
}

function rethrow(error: unknown, name: string, type: string): never {
  if (error instanceof CloudbenchError && error.code === 'CB_HOOK_TIMEOUT')
    throw new CloudbenchError({
      code: 'CB_WORKER_HUNG',
      what: `${name} did not answer "${type}": ${error.message}`,
    })
  throw error
}

function forEachLine(child: ChildProcess, take: (line: string) => void): void {
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!.slice(-stderrLimit)
    for (const line of lines) take(line)
  })
}

function exitError(
  name: string,
  argv: readonly string[],
  code: number | null,
  signal: string | null,
  stderr: string,
): CloudbenchError {
  const how = signal ? `was killed by ${signal}` : `exited with code ${code}`
  const said = stderr.trim() ? `; it said:\n${stderr.trim()}` : '; it said nothing'
  if (code === 70)
    return new CloudbenchError({
      code: 'CB_WORKER_IPC_LOST',
      what: `${name} lost its channel under \`${argv.slice(0, 3).join(' ')} …\`${said}`,
      expected: 'a wrapper that execs, and keeps NODE_CHANNEL_FD and open files',
    })
  if (stderr.includes('JavaScript heap out of memory'))
    return new CloudbenchError({
      code: 'CB_WORKER_EXITED',
      what: `${name} ran out of memory, and ${how}${said}`,
      expected: 'what a worker keeps to fit into its heap',
      next: 'ask for less at once, spread it over more workers, or raise the heap limit (environment memory)',
    })
  return new CloudbenchError({
    code: 'CB_WORKER_EXITED',
    what: `${name} ${how}${said}`,
    ...(signal === 'SIGKILL' && {
      next: 'if nobody killed it, look for the out-of-memory killer: `dmesg | tail`',
    }),
  })
}
