import { messageOf } from '@cloudbench/core'
import type { Change } from './journal/journal.ts'
import { readSetting, writeSetting } from './sysctl.ts'

/** What became of one change. */
export type Outcome =
  | { readonly kind: 'put back' }
  /** It already has the value that it had before. */
  | { readonly kind: 'as before' }
  /** Something else set it since, which is left alone. */
  | { readonly kind: 'changed since'; readonly current: string | undefined }
  | { readonly kind: 'failed'; readonly why: string }

/** Takes changes back, the last one first; those that still have the value that was set. Never rejects. */
export async function putBack(
  root: string,
  changes: readonly Change[],
): Promise<readonly { readonly change: Change; readonly outcome: Outcome }[]> {
  const outcomes = []
  for (const change of changes.toReversed())
    outcomes.push({ change, outcome: await putBackOne(root, change) })
  return outcomes
}

async function putBackOne(root: string, { key, from, to }: Change): Promise<Outcome> {
  const current = await readSetting(root, key)
  if (current === from) return { kind: 'as before' }
  if (current !== to) return { kind: 'changed since', current }
  try {
    await writeSetting(root, key, from)
  } catch (error) {
    return { kind: 'failed', why: messageOf(error) }
  }
  const now = await readSetting(root, key)
  return now === from
    ? { kind: 'put back' }
    : { kind: 'failed', why: `it is ${now ?? 'unreadable'} afterwards` }
}
