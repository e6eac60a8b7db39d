import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@cloudbench/core'
import { faultOfFolder, faultOfOwner } from './folder.ts'
import { isJournalName, journalSchema, nameOf, type Journal } from './journal.ts'

/** More than any journal of ours. */
const largestFileBytes = 16 * 1024

/** More than are ever there; the rest waits for another time. */
const mostFiles = 100

export interface FoundJournal {
  readonly file: string
  readonly journal: Journal
}

export interface FoundJournals {
  readonly journals: readonly FoundJournal[]
  /** What looks like a journal and is not trusted, each with the reason: `/x/y.json is a symbolic link`. */
  readonly faults: readonly string[]
}

/** All journals of this user. Never rejects: a folder that cannot be read holds none. */
export async function readJournals(folder: string): Promise<FoundJournals> {
  const names = (await readdir(folder).catch((): string[] => [])).filter(isJournalName).slice(0, mostFiles)
  if (names.length === 0) return { journals: [], faults: [] }
  const fault = await faultOfFolder(folder).catch(messageOf)
  if (fault !== undefined) return { journals: [], faults: [`${folder} ${fault}`] }
  const journals: FoundJournal[] = []
  const faults: string[] = []
  for (const name of names) {
    const file = join(folder, name)
    const read = await readJournal(file, name).catch(messageOf)
    if (read === undefined) continue
    if (typeof read === 'string') faults.push(`${file} ${read}`)
    else journals.push({ file, journal: read })
  }
  return { journals, faults }
}

/** The journal in a file, or why it is none that can be trusted. Undefined: it is gone, since its writer is done. */
async function readJournal(file: string, name: string): Promise<Journal | string | undefined> {
  // without following a link, and without blocking on a pipe
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(file, flags).catch((error: NodeJS.ErrnoException) => error.code ?? error.message)
  if (handle === 'ENOENT') return undefined
  if (typeof handle === 'string')
    return handle === 'ELOOP' ? 'is a symbolic link' : `cannot be read: ${handle}`
  try {
    const stats = await handle.stat()
    const fault = stats.isFile() ? faultOfOwner(stats) : 'is not a file'
    if (fault !== undefined) return fault
    if (stats.size > largestFileBytes) return `has ${stats.size} bytes, more than cloudbench writes`
    const parsed = journalSchema.safeParse(parseJson(await handle.readFile('utf8')))
    if (!parsed.success || nameOf(parsed.data.writer) !== name) return 'is not what cloudbench writes'
    return parsed.data
  } finally {
    await handle.close()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
