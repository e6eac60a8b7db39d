import { lstat, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Bits of a mode that let others than the owner do anything. */
const openToOthers = 0o077

/** Where this user's journals are. */
export function journalFolder(env: NodeJS.ProcessEnv = process.env): string {
  const state = env['XDG_STATE_HOME']
  // as its specification says: a relative path counts as none
  const base = state?.startsWith('/') ? state : join(env['HOME'] || homedir(), '.local/state')
  return join(base, 'cloudbench/network')
}

/** Creates the folder. Rejects where that is impossible, or it is not this user's alone. */
export async function openJournalFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const fault = await faultOfFolder(folder)
  if (fault !== undefined) throw new Error(`${folder} ${fault}`)
}

/** Why what is in the folder cannot be trusted; undefined where it can. */
export async function faultOfFolder(folder: string): Promise<string | undefined> {
  const stats = await lstat(folder)
  if (stats.isSymbolicLink()) return 'is a symbolic link'
  if (!stats.isDirectory()) return 'is not a folder'
  return faultOfOwner(stats)
}

export function faultOfOwner({
  uid,
  mode,
}: {
  readonly uid: number
  readonly mode: number
}): string | undefined {
  const own = process.geteuid?.()
  if (own !== undefined && uid !== own) return `belongs to another user: uid ${uid}, and this is uid ${own}`
  if ((mode & openToOthers) !== 0) return `is open to other users: its mode is ${(mode & 0o777).toString(8)}`
  return undefined
}
