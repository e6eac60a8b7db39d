import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { basename } from 'node:path'
import type { StartPlan } from './start-plan.ts'

export interface Launched {
  readonly child: ChildProcess
  /** The start step worked; whether the service answers is another question. */
  readonly ready: Promise<void>
  /** Resolves with the reason when the start step failed, or the service's process has ended. */
  readonly ended: Promise<string>
}

/** Runs the start step with its output in the log, in a session of its own so that Ctrl-C does not reach it. */
export function launch(
  { start, environment, folder, logFile, foreground }: StartPlan,
  env: NodeJS.ProcessEnv,
): Launched {
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(start.file, start.args, {
    cwd: folder,
    env: { ...env, ...environment },
    ...start.user,
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)

  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<string>()
  child.on('error', (error) => ended.resolve(error.message))
  child.on('spawn', () => {
    if (foreground) ready.resolve()
  })
  child.on('exit', (code, signal) => {
    if (!foreground && code === 0) ready.resolve()
    else ended.resolve(`${basename(start.file)} ended with ${signal ?? `exit code ${code}`}`)
  })
  return { child, ready: ready.promise, ended: ended.promise }
}
