import { rm } from 'node:fs/promises'
import { messageOf, type Logger } from '@cloudbench/core'
import { isRunning, type ProcessIdentity } from '../process-identity.ts'
import { putBack } from '../put-back.ts'
import { commandOf } from '../sysctl.ts'
import type { Journal } from './journal.ts'
import { readJournals, type FoundJournal } from './read.ts'

export interface Recovery {
  readonly folder: string
  readonly root: string
  readonly own: ProcessIdentity
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Puts back what runs that were killed have left, and says so. What is not trusted is said and left alone. Never rejects. */
export async function recover({ folder, root, own, log }: Recovery): Promise<void> {
  const { journals, faults } = await readJournals(folder)
  for (const fault of faults) log.warn(`${fault}: left alone; remove it by hand`)
  for (const found of journals) {
    const { writer } = found.journal
    if (isOfEarlierBoot(writer, own)) await forget(found, log)
    else if (isHere(found.journal, own, root) && !(await isRunning(writer))) await undo(found, log)
  }
}

/** The process that has changed settings of this kind here and has yet to put them back. */
export async function otherWriter(
  folder: string,
  own: ProcessIdentity,
  root: string,
): Promise<ProcessIdentity | undefined> {
  for (const { journal } of (await readJournals(folder)).journals) {
    const { writer } = journal
    const isOwn = writer.pid === own.pid && writer.startTicks === own.startTicks
    if (isHere(journal, own, root) && !isOwn && (await isRunning(writer))) return writer
  }
  return undefined
}

/** Its settings are those of this process. Elsewhere its process number and its values mean something else. */
function isHere({ writer, root: where }: Journal, own: ProcessIdentity, root: string): boolean {
  return (
    where === root &&
    writer.bootId === own.bootId &&
    writer.pidNamespace === own.pidNamespace &&
    writer.networkNamespace === own.networkNamespace
  )
}

/** Settings do not outlive a boot. Another machine may share the folder, so the name of this one counts too. */
function isOfEarlierBoot({ host, bootId }: ProcessIdentity, own: ProcessIdentity): boolean {
  return host === own.host && bootId !== own.bootId
}

async function undo({ file, journal }: FoundJournal, log: Recovery['log']): Promise<void> {
  const { writer, root, changes } = journal
  const who = `process ${writer.pid} was killed before it could`
  let isDone = true
  for (const { change, outcome } of await putBack(root, changes)) {
    const { key, from, to } = change
    if (outcome.kind === 'put back') log.warn(`put ${key} back from ${to} to ${from}: ${who}`)
    else if (outcome.kind === 'changed since')
      log.warn(
        `${key} is ${outcome.current ?? 'unreadable'}, no longer ${to} as process ${writer.pid} set it: left alone`,
      )
    else if (outcome.kind === 'failed') {
      isDone = false
      log.warn(
        `${key} is still ${to}: ${who}, and neither can this one (${outcome.why}); type ${commandOf(key, from)}`,
      )
    }
  }
  if (isDone) await forget({ file }, log)
}

async function forget({ file }: Pick<FoundJournal, 'file'>, log: Recovery['log']): Promise<void> {
  await rm(file, { force: true }).catch((error: unknown) => log.warn(`${file}: ${messageOf(error)}`))
}
