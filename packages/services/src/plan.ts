import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from './command.ts'
import { writeComposeProject } from './compose.ts'
import type { ServiceDefinition } from './definition.ts'

/** A way to have the service that this machine offers. */
export type Means = { readonly how: 'compose' | 'local'; readonly file: string }

/** Everything it takes to start one service and to leave no trace of it. Plain data: a watchdog gets it too. */
export interface Plan {
  readonly how: 'compose' | 'local'
  readonly port: number
  readonly folder: string
  readonly logFile: string
  readonly start: Command
  /** The started process is the service; otherwise it must end with 0, and the service runs elsewhere. */
  readonly foreground: boolean
  readonly compose?: { readonly project: string; readonly down: Command; readonly list: Command }
}

/** Makes the service's folder and says how to start it there, or why that cannot be; then there is no folder. */
export async function makePlan(
  { how, file }: Means,
  {
    name,
    definition,
    port,
    stateDir,
    env,
  }: {
    name: string
    definition: ServiceDefinition
    port: number
    stateDir: string
    env: NodeJS.ProcessEnv
  },
): Promise<Plan | { readonly why: string }> {
  const folder = await mkdtemp(join(stateDir, `${name}-`))
  const place = { how, port, folder, logFile: join(folder, `${name}.log`) }
  if (how === 'local') {
    const { local } = definition
    const args = local.args({ port, folder })
    if (!local.build) return { ...place, start: { file, args }, foreground: true }
    const program = join(folder, name)
    const why = await local.build({ file, folder, program, env })
    if (why === undefined) return { ...place, start: { file: program, args }, foreground: true }
    await rm(folder, { recursive: true, force: true })
    return { why }
  }
  const { up, ...compose } = await writeComposeProject(file, { name, definition, port, folder })
  return { ...place, start: up, foreground: false, compose }
}
