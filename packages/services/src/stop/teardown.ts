import { rm } from 'node:fs/promises'
import { run } from '../machine/command.ts'
import { terminate, type ProcessIdentity } from '../machine/process.ts'
import { definitionFor } from '../outside.ts'
import type { StartPlan } from '../start/start-plan.ts'

/** How long a service may take to shut down before it is killed. */
const graceMs = 5_000

/** Compose waits for the container to end. */
const composeLimitMs = 30_000

/**
 * Ends a service, makes sure that it is gone, and removes its folder. Safe to repeat.
 * Returns what is left, or `undefined` when nothing is.
 */
export async function teardown(
  { name, module, folder, compose }: Pick<StartPlan, 'name' | 'module' | 'folder' | 'compose'>,
  process: ProcessIdentity | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { local } = await definitionFor(name, module)
  if (process && !(await terminate(process, graceMs, local.stopSignal)))
    return `process ${process.pid} does not end`
  if (compose) {
    const down = await run(compose.down, { env, timeoutMs: composeLimitMs })
    const left = await run(compose.list, { env, timeoutMs: composeLimitMs })
    if (down.code !== 0) return `docker compose down: ${down.output.trim()}`
    if (left.code !== 0 || left.stdout.trim() !== '')
      return `containers of ${compose.project}: ${left.output.trim()}`
  }
  await local.release?.(folder)
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  return undefined
}
