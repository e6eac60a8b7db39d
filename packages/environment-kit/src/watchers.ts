import type { SignalKind, Watcher, WorkerProcess } from '@cloudbench/core'

/** One thing that a watcher samples, with the names that it samples it under. */
export interface SignalSource {
  readonly signals: Readonly<Record<string, SignalKind>>
  /** What cannot be read now is left out, or undefined. */
  read(workers: readonly WorkerProcess[]): Promise<Readonly<Record<string, number | undefined>>>
  close?(): Promise<void>
}

/** Watches all of them at once; those that this machine does not have are undefined. */
export function watcherOf(sources: readonly (SignalSource | undefined)[]): Watcher {
  const there = sources.filter((source) => source !== undefined)
  return {
    signals: Object.fromEntries(there.flatMap(({ signals }) => Object.entries(signals))),
    async read(workers) {
      const values: Record<string, number> = {}
      for (const sample of await Promise.all(there.map((source) => source.read(workers))))
        for (const [name, value] of Object.entries(sample)) if (value !== undefined) values[name] = value
      return values
    },
    async close() {
      await Promise.all(there.map(async (source) => source.close?.()))
    },
  }
}
