import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from '../machine/command.ts'
import { writeComposeProject } from './compose.ts'
import type { StartRequest } from './request.ts'

/** A way to run the service that this machine offers. */
export type Means = { readonly how: 'compose' | 'local'; readonly file: string }

/**
 * Everything needed to start one service and to leave no trace of it. Plain data, so that a watchdog can have it. It has no
 * password: the watchdog gets it on its command line, which every account can see.
 */
export interface StartPlan {
  readonly name: string
  /** Of a service that is not one of ours. */
  readonly module?: string
  readonly how: 'compose' | 'local'
  readonly port: number
  readonly folder: string
  readonly logFile: string
  readonly start: Command
  /** Added to the environment it inherits. */
  readonly environment?: Readonly<Record<string, string>>
  /** The started process is the service. Otherwise it must exit with 0, and the service runs elsewhere. */
  readonly foreground: boolean
  readonly compose?: { readonly project: string; readonly down: Command; readonly list: Command }
}

/** Creates the service's folder and says how to start it there. @throws ServiceError when it cannot. */
export async function makeStartPlan(
  { how, file }: Means,
  request: StartRequest,
  port: number,
): Promise<StartPlan> {
  const { name, definition, stateDir, env, options, password } = request
  const { module, fetch: mayFetch = true } = options
  const folder = await mkdtemp(join(stateDir, `${name}-`))
  const logFile = join(folder, `${name}.log`)
  const place = { name, ...(module !== undefined && { module }), how, port, folder, logFile }
  if (how === 'compose') {
    const { up, ...compose } = await writeComposeProject(file, request, port, folder)
    return { ...place, start: up, foreground: false, compose }
  }
  const { prepare, args, user, environment } = definition.local
  const at = { port, folder, file, env, mayFetch, ...(password !== undefined && { password }) }
  let program = file
  try {
    program = (await prepare?.(at)) ?? file
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    throw error
  }
  const runsAs = await user?.()
  const added = await environment?.(at)
  return {
    ...place,
    start: { file: program, args: args(at), ...(runsAs && { user: runsAs }) },
    ...(added && { environment: added }),
    foreground: true,
  }
}
