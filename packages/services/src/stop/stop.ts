import { join, resolve } from 'node:path'
import { ServiceError } from '../errors.ts'
import { findProgram } from '../machine/command.ts'
import { composeProject } from '../start/compose.ts'
import { defaultStateDir, openStateDir } from '../state/folder.ts'
import { withLock } from '../state/lock.ts'
import { writeRecord, type ServiceRecord } from '../state/records.ts'
import { identityOf, runningRecord } from '../state/running.ts'
import { definitionOf, type ServiceName } from '../table.ts'
import { teardown } from './teardown.ts'

export interface StateOptions {
  /** The same one it was started with. */
  readonly stateDir?: string
  /** Where to look for docker. @default process.env */
  readonly env?: NodeJS.ProcessEnv
}

/** `url` says which one was stopped. */
export type StopResult = { readonly stopped: true; readonly url: string } | { readonly stopped: false }

/**
 * Stops a service that was left running, makes sure that it is gone, and removes its data.
 * Only ends what `startService` started; `stopped: false` when there is nothing to stop.
 * @throws ServiceError when it does not end.
 */
export async function stopService(
  name: ServiceName | (string & {}),
  options: StateOptions = {},
): Promise<StopResult> {
  const definition = definitionOf(name)
  const stateDir = resolve(options.stateDir ?? defaultStateDir())
  await openStateDir(stateDir)
  return await withLock(join(stateDir, `${name}.lock`), async () => {
    const record = await runningRecord(stateDir, name)
    if (record === undefined) return { stopped: false }
    const left = await end(record, options.env ?? process.env)
    if (left !== undefined)
      throw new ServiceError({
        what: `${name} at ${definition.url(record.port)} could not be stopped: ${left}`,
        expected: 'it to end when asked to, or when killed',
        next: `stop it by hand, then cloudbench down ${name}`,
      })
    await writeRecord(stateDir, name, undefined)
    return { stopped: true, url: record.url }
  })
}

async function end(record: ServiceRecord, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { name, folder, project } = record
  if (project === undefined) return await teardown({ name, folder }, identityOf(record), env)
  const docker = await findProgram(['docker'], env)
  if (docker === undefined) return 'docker is no longer on the PATH'
  return await teardown({ name, folder, compose: composeProject(docker, project, folder) }, undefined, env)
}
