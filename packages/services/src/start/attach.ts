import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ServiceError } from '../errors.ts'
import type { ProcessIdentity } from '../machine/process.ts'
import { teardown } from '../stop/teardown.ts'
import type { StartPlan } from './start-plan.ts'
import type { Started } from './started.ts'
import type { WatchdogMessage } from './watchdog.ts'

/** More than the watchdog needs at worst: grace, kill, and Compose's own limits. */
const stopLimitMs = 120_000

// next to this file: TypeScript in the repository, JavaScript when built.
const watchdogFile = fileURLToPath(new URL(`./watchdog${extname(import.meta.url)}`, import.meta.url))

/** Starts a service that ends with this process, even when this process is killed. */
export async function attach(plan: StartPlan, env: NodeJS.ProcessEnv): Promise<Started> {
  const log = openSync(plan.logFile, 'a', 0o600)
  const watchdog = spawn(process.execPath, [watchdogFile, JSON.stringify(plan)], {
    cwd: plan.folder,
    // flags for this program, such as a debugger's port, are not for the watchdog.
    env: { ...env, NODE_OPTIONS: '' },
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)

  let identity: ProcessIdentity | undefined
  const started = Promise.withResolvers<void>()
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<string>()
  const exited = Promise.withResolvers<number | null>()
  watchdog.on('message', (message: WatchdogMessage) => {
    if (message.type === 'started') {
      identity = message.identity
      started.resolve()
    } else if (message.type === 'ready') ready.resolve()
    else ended.resolve(message.why)
  })
  watchdog.on('error', (error) => {
    ended.resolve(`the watchdog: ${error.message}`)
    exited.resolve(null)
  })
  watchdog.on('exit', (code, signal) => {
    ended.resolve(`the watchdog ended with ${signal ?? `exit code ${code}`}`)
    exited.resolve(code)
  })
  await Promise.race([started.promise, ended.promise])

  async function stop(): Promise<void> {
    watchdog.ref()
    if (watchdog.connected) watchdog.disconnect()
    const limit = setTimeout(() => watchdog.kill('SIGKILL'), stopLimitMs)
    const code = await exited.promise
    clearTimeout(limit)
    // the watchdog was killed or could not finish: do its work here, or do it again.
    const left = code === 0 ? undefined : await teardown(plan, identity, env)
    if (left !== undefined)
      throw new ServiceError({ what: `the service could not be stopped: ${left}`, next: 'stop it by hand' })
  }

  let stopping: Promise<void> | undefined
  return {
    // the identity of Docker's command line is of no use.
    identity: plan.foreground ? identity : undefined,
    ready: ready.promise,
    ended: ended.promise,
    stop: () => (stopping ??= stop()),
    release() {
      watchdog.unref()
      watchdog.channel?.unref()
    },
  }
}
