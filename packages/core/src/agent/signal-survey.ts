import { setTimeout as sleep } from 'node:timers/promises'
import type { SignalKind, Watcher } from '../plugin/environment.ts'
import { signalVocabulary } from '../plugin/signals.ts'

/** A share is of the time since the last sample, so it takes two; this is long enough for the kernel's clock ticks. */
const betweenSamplesMs = 50

/** A signal, and whether it can be sampled on this machine. */
export interface SurveyedSignal {
  readonly name: string
  readonly kind: SignalKind
  /** The environment that samples it. Absent: it cannot be. */
  readonly environment?: string
  /** Why it cannot be. */
  readonly missing?: string
}

/** Samples once, and says of every signal that the verdict reads who samples it, or why none does. */
export async function surveySignals(
  watchers: ReadonlyMap<string, Watcher>,
): Promise<readonly SurveyedSignal[]> {
  const read = new Map<string, ReadonlySet<string>>()
  await Promise.all(
    Array.from(watchers, async ([environment, watcher]) => read.set(environment, await namesReadBy(watcher))),
  )
  return Object.entries(signalVocabulary).map(([name, { kind }]) => {
    for (const [environment, names] of read) if (names.has(name)) return { name, kind, environment }
    return { name, kind, missing: whyMissing(name, watchers) }
  })
}

async function namesReadBy(watcher: Watcher): Promise<ReadonlySet<string>> {
  // the worker that it is asked about: as good as any
  const workers = [{ index: 0, pid: process.pid }]
  const names = new Set<string>()
  for (const pauseMs of [0, betweenSamplesMs]) {
    await sleep(pauseMs)
    try {
      for (const name of Object.keys(await watcher.read(workers))) names.add(name)
    } catch {
      // what could be read is what counts
    }
  }
  return names
}

function whyMissing(name: string, watchers: ReadonlyMap<string, Watcher>): string {
  for (const [environment, { missing, signals }] of watchers) {
    const why = missing?.[name]
    if (why !== undefined) return `${environment}: ${why}`
    if (Object.hasOwn(signals, name)) return `${environment}: it declares it, and cannot read it now`
  }
  return 'no environment samples it here'
}
