import { setTimeout as sleep } from 'node:timers/promises'
import { within } from '../hooks/deadline.ts'
import type { SignalKind, Watcher } from '../plugin/environment.ts'
import { signalVocabulary } from '../plugin/signals.ts'

/** A share is of the time since the last sample, so it takes two; this is long enough for the kernel's clock ticks. */
const betweenSamplesMs = 50

/** As long as a sample may take in a run. */
const limitMs = 2_000

/** A signal, and whether it can be sampled on this machine. */
export interface SurveyedSignal {
  readonly name: string
  readonly kind: SignalKind
  /** The environment that samples it. Absent: it cannot be. */
  readonly environment?: string
  /** Whether it had a value: some take longer than a survey. */
  readonly hasValue: boolean
  /** Why it cannot be sampled. */
  readonly missing?: string
}

/** Samples twice, and says of every signal that the verdict reads who samples it, or why none does. */
export async function surveySignals(
  watchers: ReadonlyMap<string, Watcher>,
): Promise<readonly SurveyedSignal[]> {
  const read = new Map<string, ReadonlySet<string>>()
  await Promise.all(
    Array.from(watchers, async ([environment, watcher]) => read.set(environment, await namesReadBy(watcher))),
  )
  return Object.entries(signalVocabulary).map(([name, { kind }]) => {
    // as in a run: the first one that declares it
    for (const [environment, { signals }] of watchers)
      if (Object.hasOwn(signals, name))
        return { name, kind, environment, hasValue: read.get(environment)?.has(name) ?? false }
    return { name, kind, hasValue: false, missing: whyMissing(name, watchers) }
  })
}

async function namesReadBy(watcher: Watcher): Promise<ReadonlySet<string>> {
  // a stand-in for a worker, of which there is none
  const workers = [{ index: 0, pid: process.pid }]
  const names = new Set<string>()
  for (const pauseMs of [0, betweenSamplesMs]) {
    await sleep(pauseMs)
    try {
      const sample = await within(limitMs, async () => watcher.read(workers))
      for (const name of Object.keys(sample)) names.add(name)
    } catch {
      // what could be read is what counts
    }
  }
  return names
}

function whyMissing(name: string, watchers: ReadonlyMap<string, Watcher>): string {
  for (const [environment, { missing }] of watchers)
    if (missing?.[name] !== undefined) return `${environment}: ${missing[name]}`
  return 'no environment samples it here'
}
