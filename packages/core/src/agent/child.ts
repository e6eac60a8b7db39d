import type { ChildProcess } from 'node:child_process'
import { within } from '../hooks/deadline.ts'
import type { WorkerInterval } from '../metrics/delta.ts'
import type { Command, Event, RequestName, Requests } from '../protocol/protocol.ts'
import { fromWire } from '../protocol/wire-error.ts'
import { exitError, hungError, startError } from './child-error.ts'
import { guardOrphan } from './orphan-guard.ts'
import { createPendingRequests, type PendingRequests } from './pending-requests.ts'
import { spawnChild } from './spares.ts'

/** Enough of the last output of a process to see why it died. */
const stderrLimit = 8_192
/** A process that lost its channel, or was told to close, may take this long to exit. */
const endLimitMs = 2_000

export interface ChildOptions {
  /** Such as `worker 2`; part of every error. */
  readonly name: string
  /** The whole command line. Never holds a secret: anyone on the machine can read it. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** One with that command line and these variables that runs already. */
  readonly spare?: ChildProcess | undefined
  readonly onInterval?: (interval: WorkerInterval) => void
  readonly onLog: (level: 'debug' | 'info' | 'warn', message: string) => void
}

/** How long an answer may take. */
interface Deadline {
  readonly limitMs: number
  /** What is waited for, for the error: `prepare of flow main (driver http)`. */
  readonly step?: string
  /** Once aborted, little time is left. */
  readonly hurry?: AbortSignal | undefined
}

/** A child process that answers requests over IPC. */
export interface Child {
  readonly name: string
  readonly pid: number
  request<Name extends RequestName>(
    name: Name,
    command: Requests[Name]['command'],
    deadline?: Deadline,
  ): Promise<Requests[Name]['answer']>
  /** Asks for a sign of life: `lastHeardMs` will change. */
  ping(): void
  stop(graceMs: number): void
  /** Ends the process at once. */
  kill(): void
  /** Resolves when the process has ended, for whatever reason. Never rejects. */
  readonly ended: Promise<void>
  /** When it last sent anything, on `performance.now()`. */
  readonly lastHeardMs: number
}

/** Starts a process and resolves once it runs; rejects when it cannot be started. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, argv, env, spare, onLog } = options
  const child = spare ?? spawnChild(argv, env)
  const pending = createPendingRequests()
  let stderr = ''
  let lastHeardMs = performance.now()
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })

  // when file descriptors run out there are no pipes, and `error` says why
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-stderrLimit)
  })
  forEachLine(child, (line) => onLog('info', line))
  child.on('message', (event: Event) => {
    lastHeardMs = performance.now()
    receive(event, child, pending, options)
  })
  child.once('disconnect', () => {
    setTimeout(() => child.kill('SIGKILL'), endLimitMs).unref()
  })
  child.once('close', (code, signal) => pending.fail(exitError(name, argv, { code, signal, stderr })))
  if (spare === undefined)
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', (cause: NodeJS.ErrnoException) => reject(startError(name, argv, cause)))
    })
  void ended.then(guardOrphan(child.pid!))

  return {
    name,
    pid: child.pid!,
    request(type, command, deadline) {
      const { id, answered } = pending.next()
      send(child, { type, id, ...command } as Command)
      if (deadline === undefined) return answered
      const { limitMs, step = type, hurry } = deadline
      return within(
        limitMs,
        () => answered,
        (passedMs) => hungError(name, step, passedMs),
        hurry,
      )
    },
    ping: () => send(child, { type: 'ping' }),
    stop: (graceMs) => send(child, { type: 'stop', graceMs }),
    kill: () => void child.kill('SIGKILL'),
    ended,
    get lastHeardMs() {
      return lastHeardMs
    },
  }
}

function receive(
  event: Event,
  child: ChildProcess,
  pending: PendingRequests,
  { name, onInterval, onLog }: ChildOptions,
): void {
  switch (event.type) {
    case 'answer':
    case 'refusal':
      pending.settle(event)
      break
    case 'interval':
      onInterval?.(event)
      break
    case 'log':
      onLog(event.level, event.message)
      break
    case 'broken':
      pending.fail(fromWire({ ...event.error, what: `${name} cannot continue: ${event.error.what}` }))
      child.kill('SIGKILL')
  }
}

/** A lost channel shows as the end of the process, which rejects pending requests. */
function send(child: ChildProcess, command: Command): void {
  if (child.connected) child.send(command, () => {})
}

function forEachLine(child: ChildProcess, take: (line: string) => void): void {
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!.slice(-stderrLimit)
    for (const line of lines) take(line)
  })
}
