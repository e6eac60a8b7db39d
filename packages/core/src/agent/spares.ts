import { spawn, type ChildProcess } from 'node:child_process'
import type { Command } from '../protocol/protocol.ts'
import { addOwnFlags, argvOf, blankLaunch, loopbackArgv } from './launch.ts'

/**
 * Processes that are started while the configuration is still being read, and told later what for. One that turns out not to
 * be what was wanted, since an environment shaped the command line of workers, is not used.
 */
export interface Spares {
  /** Starts a process for the loopback server of a driver. */
  addLoopback(): void
  /** Has them import a driver that they will need. */
  preload(url: string): void
  /** Hands over the process with that command line, if there is one that runs. */
  take(argv: readonly string[]): ChildProcess | undefined
  /** Ends those that nothing has taken. */
  close(): void
}

interface Spare {
  readonly argv: readonly string[]
  readonly child: ChildProcess
}

/** Starts a load worker. */
export function createSpares(): Spares {
  let spares: Spare[] = []
  const preloaded = new Set<string>()
  const add = (argv: readonly string[]): void => {
    const child = spawnChild(argv, process.env)
    // it is started again where it is wanted, and then the error is told
    child.on('error', () => {})
    spares.push({ argv, child })
    for (const url of preloaded) tell(child, url)
  }
  const launch = blankLaunch(0, 1)
  addOwnFlags(launch)
  add(argvOf(launch))
  return {
    addLoopback: () => add(loopbackArgv()),
    preload(url) {
      if (preloaded.has(url)) return
      preloaded.add(url)
      for (const { child } of spares) tell(child, url)
    },
    take(argv) {
      const found = spares.find((spare) => isSame(spare.argv, argv) && isAlive(spare.child))
      spares = spares.filter((spare) => spare !== found)
      return found?.child
    },
    close() {
      for (const { child } of spares) child.kill('SIGKILL')
      spares = []
    },
  }
}

/**
 * Of glibc, each of which keeps what was freed in it. Threads of Node.js that compile and collect would have one each, for a
 * few megabytes and nothing in return.
 */
const arenas = { MALLOC_ARENA_MAX: '2' } as const

/** Starts a process that answers over IPC. */
export function spawnChild(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChildProcess {
  return spawn(argv[0]!, argv.slice(1), {
    env: { ...arenas, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
}

function tell(child: ChildProcess, url: string): void {
  if (child.connected) child.send({ type: 'preload', url } satisfies Command, () => {})
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, at) => word === other[at])
}

function isAlive({ pid, connected, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && connected && exitCode === null && signalCode === null
}
