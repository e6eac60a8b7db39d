import { fileURLToPath } from 'node:url'
import type { Launch } from '../plugin/environment.ts'

/** The module of a child process: the source in a workspace, the build elsewhere. */
function entryOf(path: '../worker/main' | './loopback-main'): {
  readonly file: string
  readonly flags: string[]
} {
  const isSource = import.meta.url.endsWith('.ts')
  return {
    file: fileURLToPath(new URL(`${path}.${isSource ? 'ts' : 'js'}`, import.meta.url)),
    // in a workspace, plugins import this package too, and must get the same sources
    flags: isSource ? ['--conditions=@cloudbench/source', '--disable-warning=ExperimentalWarning'] : [],
  }
}

export function blankLaunch(index: number, total: number): Launch {
  return { worker: { index, total }, wrap: [], execArgv: [], env: {} }
}

/** Lets a worker tidy its heap before the load. */
const collectFlag = '--expose-gc'
/**
 * What client libraries leave behind for every request needs no more: with 4 MB, ioredis costs 8 % more, with 64 MB the tails of
 * grpc-js grow. Frames of our own leave next to nothing.
 */
const semiSpaceFlag = '--max-semi-space-size=16'

/** Adds what the core itself wants of V8; an environment or `NODE_OPTIONS` may have sized the heap. Returns what it added. */
export function addOwnFlags({ execArgv, env }: Launch): string[] {
  const given = [env['NODE_OPTIONS'] ?? process.env['NODE_OPTIONS'] ?? '', ...execArgv].join(' ')
  // underscores are as good as hyphens to V8
  const isSized = /--(?:max|min)[-_]semi[-_]space[-_]size/.test(given)
  const added = isSized ? [collectFlag] : [collectFlag, semiSpaceFlag]
  execArgv.unshift(...added)
  return [`core: execArgv += ${added.join(' ')}`]
}

/** The command line of a worker, outermost wrapper first. */
export function argvOf({ wrap, execArgv }: Launch): string[] {
  const { file, flags } = entryOf('../worker/main')
  return [...wrap, process.execPath, ...flags, ...execArgv, file]
}

/** The command line of a loopback server. */
export function loopbackArgv(): string[] {
  const { file, flags } = entryOf('./loopback-main')
  return [process.execPath, ...flags, file]
}

/** What a plugin changed in a draft, such as `numa: wrap += numactl --cpunodebind=0`. */
export function attributionOf(plugin: string, before: Launch, after: Launch): string[] {
  const changes: string[] = []
  for (const part of ['wrap', 'execArgv'] as const) {
    const kept = before[part].every((word, at) => after[part][at] === word)
    if (!kept) changes.push(`${plugin}: ${part} = ${after[part].join(' ')}`)
    else if (after[part].length > before[part].length)
      changes.push(`${plugin}: ${part} += ${after[part].slice(before[part].length).join(' ')}`)
  }
  for (const [name, value] of Object.entries(after.env))
    if (before.env[name] !== value) changes.push(`${plugin}: env ${name}=${value}`)
  return changes
}
