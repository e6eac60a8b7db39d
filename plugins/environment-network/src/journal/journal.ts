import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from '@cloudbench/schema'
import type { ProcessIdentity } from '../process-identity.ts'
import { isValueOf, settableKeys } from '../settings.ts'
import { openJournalFolder } from './folder.ts'

/** A setting that a process changes. */
export interface Change {
  readonly key: string
  readonly from: string
  readonly to: string
}

/** What a process changes, written before it does. */
export interface Journal {
  readonly version: 1
  readonly writer: ProcessIdentity
  /** Where /proc was found. */
  readonly root: string
  /** In the order in which they are made. */
  readonly changes: readonly Change[]
}

const shortText = z.string().min(1).max(256)

const change = z
  .strictObject({ key: z.enum(settableKeys), from: shortText, to: shortText })
  .refine(({ key, from, to }) => isValueOf(key, from) && isValueOf(key, to), 'expected values of the setting')

/** What it says is written to the kernel: only what cloudbench itself would have written will do. */
export const journalSchema = z.strictObject({
  version: z.literal(1),
  writer: z.strictObject({
    host: shortText,
    bootId: z.string().regex(/^[0-9a-f-]{36}$/),
    pidNamespace: z.string().regex(/^pid:\[\d{1,20}\]$/),
    networkNamespace: z.string().regex(/^net:\[\d{1,20}\]$/),
    pid: z.int().positive(),
    startTicks: z.int().nonnegative(),
  }),
  root: z.string().min(1).max(4_096),
  changes: z.array(change).min(1).max(settableKeys.length),
})

/** Writes a journal where there was none, or a whole one in place of it, and returns its file. */
export async function writeJournal(folder: string, journal: Journal): Promise<string> {
  await openJournalFolder(folder)
  const file = join(folder, nameOf(journal.writer))
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(journal)}\n`)
      // it has to be there after a crash, as the settings are
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
  return file
}

/** One per process. */
export function nameOf({
  bootId,
  pid,
  startTicks,
}: Pick<ProcessIdentity, 'bootId' | 'pid' | 'startTicks'>): string {
  return `${bootId}-${pid}-${startTicks}.json`
}

/** Whether a file in the folder is named as one. Drafts are not. */
export function isJournalName(name: string): boolean {
  return /^[0-9a-f-]{36}-\d+-\d+\.json$/.test(name)
}
