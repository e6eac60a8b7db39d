import { lstat, mkdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { ServiceError } from '../errors.ts'

/** One per user and machine: `up` in one folder and `down` in another must agree. */
export function defaultStateDir(): string {
  return join(tmpdir(), `cloudbench-services-${process.getuid?.() ?? userInfo().username}`)
}

/** Creates the folder for services, readable by this user only. */
export async function openStateDir(stateDir: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  const { uid } = await lstat(stateDir)
  // the name is predictable and anyone can write to /tmp: do not run what another user planted there.
  if (process.getuid !== undefined && uid !== process.getuid())
    throw new ServiceError({
      what: `${stateDir} belongs to another user`,
      expected: 'a folder of your own for the state of services',
      next: 'remove it, or set TMPDIR to a folder of your own',
    })
}
