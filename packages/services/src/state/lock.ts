import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../errors.ts'
import { identify, isRunning, type ProcessIdentity } from '../machine/process.ts'

/** Long enough for a service to start. Pulling an image takes longer; then the error says so. */
const waitMs = 60_000

let serial = 0

/**
 * Keeps other processes, and other calls in this one, out of `action`. A lock whose owner has died is taken over.
 * @throws ServiceError when the owner still holds it after 60 s.
 */
export async function withLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const mine = `${file}.${process.pid}.${++serial}`
  // linked into place with its content, so a lock always shows its owner.
  const owner = (await identify(process.pid)) ?? { pid: process.pid, startTime: '' }
  await writeFile(mine, JSON.stringify(owner), { mode: 0o600, flag: 'wx' })
  try {
    await acquire(file, mine)
  } finally {
    await rm(mine, { force: true })
  }
  try {
    return await action()
  } finally {
    await rm(file, { force: true })
  }
}

async function acquire(file: string, mine: string): Promise<void> {
  const untilMs = performance.now() + waitMs
  while (true) {
    try {
      return await link(mine, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = await readOwner(file)
    if (owner.text !== undefined && !(owner.identity && (await isRunning(owner.identity))))
      await breakLock(file, `${mine}.stale`, owner.text)
    else if (performance.now() > untilMs)
      throw new ServiceError({
        what: `another cloudbench (process ${owner.identity?.pid ?? 'unknown'}) is starting or stopping a service`,
        expected: `${file} to be released within ${waitMs / 1000} s`,
        next: 'wait until it is done, and try again',
      })
    else await sleep(50)
  }
}

async function readOwner(file: string): Promise<{ text?: string; identity?: ProcessIdentity }> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return {}
  try {
    return { text, identity: JSON.parse(text) as ProcessIdentity }
  } catch {
    return { text }
  }
}

/** Moves the lock away first and checks it again: another process may have broken and retaken it in between. */
async function breakLock(file: string, aside: string, text: string): Promise<void> {
  await rename(file, aside).catch(() => undefined)
  const moved = await readOwner(aside)
  if (moved.text !== undefined && moved.text !== text) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
}
