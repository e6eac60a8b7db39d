import { rm } from 'node:fs/promises'
import { CloudbenchError, messageOf, type EnvironmentContext } from '@cloudbench/core'
import { compare, type Compared } from './compare.ts'
import { journalFolder } from './journal/folder.ts'
import { writeJournal, type Change } from './journal/journal.ts'
import { otherWriter } from './journal/recover.ts'
import type { NetworkOptions } from './options.ts'
import { ownIdentity, type ProcessIdentity } from './process-identity.ts'
import { putBack } from './put-back.ts'
import { commandOf, readSetting, writeSetting } from './sysctl.ts'

/**
 * Sets what falls short and is asked for, and returns what puts it back. Before anything changes, a journal says what: the next
 * start reads it if this process is killed.
 */
export async function apply({
  options,
  log,
}: EnvironmentContext<NetworkOptions>): Promise<void | (() => Promise<void>)> {
  const asked = (await compare(options)).filter(({ isAsked }) => isAsked)
  if (asked.length === 0) return
  const { root } = options
  const own = await ownIdentity()
  if (own === undefined) throw notHere()
  const folder = journalFolder()
  // one that finds everything set already would lose it halfway, when the other one ends
  await expectNoOther(folder, own, root)
  for (const { key, current } of asked) if (current === undefined) expectOptional(options, key, log.warn)
  const changes = asked.flatMap(changeOf)
  if (changes.length === 0) return

  const file = await writeJournal(folder, { version: 1, writer: own, root, changes }).catch(
    (cause: unknown) => {
      throw noJournal(folder, changes, cause)
    },
  )
  const undo = async (): Promise<void> => {
    const outcomes = await putBack(root, changes)
    for (const { change, outcome } of outcomes)
      if (outcome.kind === 'changed since')
        log.warn(`${change.key} is no longer ${change.to}, as it was set: left alone`)
    const failed = outcomes.filter(({ outcome }) => outcome.kind === 'failed')
    // else the journal stays, for a start that may do more
    if (failed.length === 0) await rm(file, { force: true })
    else throw notPutBack(failed.map(({ change }) => change))
  }
  try {
    // of two that have begun at once, both see the other's journal
    await expectNoOther(folder, own, root)
    for (const change of changes) await set(root, change)
  } catch (error) {
    await undo().catch((left: unknown) => log.warn(messageOf(left)))
    throw error
  }
  return undo
}

function changeOf({ key, current, to }: Compared): readonly Change[] {
  return current === undefined || to === undefined ? [] : [{ key, from: current, to }]
}

async function set(root: string, { key, from, to }: Change): Promise<void> {
  try {
    await writeSetting(root, key, to)
  } catch (cause) {
    throw notSet(`${key} cannot be set from ${from} to ${to}: ${reasonOf(cause)}`, key, to, cause)
  }
  const now = await readSetting(root, key)
  if (now !== to) throw notSet(`${key} is ${now ?? 'unreadable'} after it was set to ${to}`, key, to)
}

async function expectNoOther(folder: string, own: ProcessIdentity, root: string): Promise<void> {
  const other = await otherWriter(folder, own, root)
  if (other === undefined) return
  throw new CloudbenchError({
    code: 'CB_HOOK',
    what: `process ${other.pid} has set kernel settings for a run of its own, and will put them back in the middle of this one`,
    expected: 'one run at a time that applies kernel settings',
    next: 'wait until it has ended, or leave apply out of the network environment',
  })
}

/** A setting that this kernel does not have: an error where it was listed. */
function expectOptional(
  { apply: asked }: NetworkOptions,
  key: string,
  warn: (message: string) => void,
): void {
  if (!Array.isArray(asked)) return warn(`${key} is not there, so it is not set`)
  throw new CloudbenchError({
    code: 'CB_HOOK',
    what: `${key} cannot be set: this kernel, or this network namespace, does not have it`,
    expected: 'settings that can be read below /proc/sys',
    next: `remove ${key} from apply of the network environment`,
  })
}

function reasonOf(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return `no permission (${code})`
  if (code === 'EROFS') return 'it is mounted read-only, as in a container (EROFS)'
  if (code === 'ENOENT') return 'the kernel does not have this value, or not this setting (ENOENT)'
  return messageOf(cause)
}

function notSet(what: string, key: string, to: string, cause?: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK',
    what,
    expected: 'a user that may change kernel settings, on the host itself',
    next: `type ${commandOf(key, to)} on the host, or leave ${key} out of apply of the network environment`,
    cause,
  })
}

function noJournal(folder: string, changes: readonly Change[], cause: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK',
    what: `kernel settings are not changed, since what has to be put back cannot be written down: ${messageOf(cause)}`,
    expected: `to write to ${folder}, as this user alone`,
    next: `set XDG_STATE_HOME to a folder of your own, or type ${changes.map(({ key, to }) => commandOf(key, to)).join(' && ')}`,
    cause,
  })
}

function notPutBack(changes: readonly Change[]): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK',
    what: `could not put back ${changes.map(({ key, from, to }) => `${key} from ${to} to ${from}`).join(', ')}`,
    next: `type ${changes.map(({ key, from }) => commandOf(key, from)).join(' && ')}`,
  })
}

function notHere(): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK',
    what: `kernel settings cannot be changed on ${process.platform}`,
    expected: 'Linux, with /proc',
    next: 'leave apply out of the network environment',
  })
}
