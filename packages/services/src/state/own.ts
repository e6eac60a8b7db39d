import { constants, type Stats } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { ServiceError } from '../errors.ts'

/** More than all services need. */
const largestFileBytes = 1024 * 1024

/** Bits of a mode that let others than the owner write. */
const writableByOthers = 0o022

/**
 * Whether the folder with the started services exists. Its name is predictable and everyone can write to /tmp, and what it
 * says decides what a run loads: it counts only when no one but this user can have written it.
 * @throws ServiceError when it is not this user's own.
 */
export async function isOwnFolder(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(unlessMissing)
  if (stats === undefined) return false
  if (stats.isSymbolicLink()) throw notOwn(folder, 'is a symbolic link')
  if (!stats.isDirectory()) throw notOwn(folder, 'is not a folder')
  requireOwn(folder, stats)
  return true
}

/**
 * The text of a file that no one but this user can have written; `undefined` where there is none.
 * @throws ServiceError when it is anything else.
 */
export async function readOwnFile(file: string): Promise<string | undefined> {
  // without blocking on a pipe, and without following a link to somewhere else
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(file, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP') throw notOwn(file, 'is a symbolic link')
    return unlessMissing(error)
  })
  if (handle === undefined) return undefined
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw notOwn(file, 'is not a file')
    requireOwn(file, stats)
    if (stats.size > largestFileBytes)
      throw notOwn(file, `has ${stats.size} bytes, more than cloudbench writes`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

function requireOwn(path: string, { uid, mode }: Stats): void {
  const own = process.geteuid?.()
  if (own === undefined) return
  if (uid !== own) throw notOwn(path, `belongs to another user: uid ${uid}, and you are uid ${own}`)
  if ((mode & writableByOthers) !== 0)
    throw notOwn(path, `can be written by other users: its mode is ${(mode & 0o7777).toString(8)}`)
}

function notOwn(path: string, why: string): ServiceError {
  return new ServiceError({
    what: `${path} ${why}`,
    expected: 'what only you can write: it says which services run, and so what a run loads',
    next: `look who made it, then remove it, or set TMPDIR to a folder of your own`,
  })
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
