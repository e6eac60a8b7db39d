import { mkdir } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { isOwnFolder } from './own.ts'

/**
 * One per user and machine: `up` in one folder and `down` in another must agree. Not in XDG_RUNTIME_DIR: cron and sudo do
 * not have it, and it is too small for the data of a database.
 */
export function defaultStateDir(): string {
  return join(tmpdir(), `cloudbench-services-${process.geteuid?.() ?? userInfo().username}`)
}

/** Creates the folder for services, readable by this user only. @throws ServiceError when it is not this user's own. */
export async function openStateDir(stateDir: string): Promise<void> {
  if (await isOwnFolder(stateDir)) return
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  // another process may have been faster
  await isOwnFolder(stateDir)
}
