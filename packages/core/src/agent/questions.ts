import { CloudbenchError, messageOf } from '../errors.ts'
import type { Logger } from '../plugin/common.ts'
import type { Advice, DerivedSetting, Watcher } from '../plugin/environment.ts'
import type { Facts } from '../plugin/facts.ts'
import {
  createEnvironmentHost,
  draftWorker,
  type LoadedEnvironment,
  type WorkerDraft,
} from './environment-host.ts'

/** What some environments say of this machine. */
export interface Answers {
  readonly derived: readonly (DerivedSetting & { readonly environment: string })[]
  readonly advice: readonly (Advice & { readonly environment: string })[]
  readonly watchers: ReadonlyMap<string, Watcher>
  readonly workers: readonly WorkerDraft[]
  /** What would end a run with them. */
  readonly faults: readonly CloudbenchError[]
  /** Lets the watchers go. */
  close(): Promise<void>
}

export interface Questions {
  readonly environments: readonly LoadedEnvironment[]
  readonly log: (source: string) => Logger
  /** What has been discovered so far, by plugin. Theirs is added. */
  readonly facts: Record<string, Facts>
  /** Theirs are among the facts already. */
  readonly isDiscovered?: boolean
  /** How many workers to draft. */
  readonly workers: number
}

type Question = 'machine:discover' | 'machine:derive' | 'machine:advise' | 'machine:watch'

/** Asks environments everything that changes nothing. Never rejects. */
export async function askEnvironments({
  environments,
  log,
  facts,
  isDiscovered = false,
  workers,
}: Questions): Promise<Answers> {
  const stop = new AbortController()
  const host = createEnvironmentHost({ environments, log, facts, signal: stop.signal })
  const faults: CloudbenchError[] = []
  /** Answers in the order of the environments, not in that in which they came. */
  const ask = async <T>(hook: Question): Promise<ReadonlyMap<string, T>> => {
    const answers = await host.call(hook).catch((error: unknown) => {
      faults.push(asCloudbenchError(error))
      return new Map<string, unknown>()
    })
    const names = environments.map(({ plugin: { name } }) => name).filter((name) => answers.has(name))
    return new Map(names.map((name) => [name, answers.get(name) as T]))
  }
  if (!isDiscovered) for (const [plugin, found] of await ask<Facts>('machine:discover')) facts[plugin] = found
  const derived = listed(await ask<readonly DerivedSetting[]>('machine:derive'))
  const advice = listed(await ask<readonly Advice[]>('machine:advise'))
  const watchers = await ask<Watcher>('machine:watch')
  const drafts: WorkerDraft[] = []
  try {
    for (let index = 0; index < workers; index++) drafts.push(await draftWorker(host, index, workers))
  } catch (error) {
    faults.push(asCloudbenchError(error))
  }
  return {
    derived,
    advice,
    watchers,
    workers: drafts,
    faults,
    async close() {
      stop.abort()
      await host.call('close')
    },
  }
}

/** Environments may be code that no compiler has checked: what is no list is left out. */
function listed<T extends object>(
  answers: ReadonlyMap<string, readonly T[]>,
): (T & { environment: string })[] {
  return Array.from(answers, ([environment, list]) =>
    Array.isArray(list) ? list.map((one: T) => ({ ...one, environment })) : [],
  ).flat()
}

export function asCloudbenchError(error: unknown): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  return new CloudbenchError({ code: 'CB_HOOK', what: messageOf(error), cause: error })
}
