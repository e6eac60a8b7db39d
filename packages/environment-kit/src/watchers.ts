import type { SignalKind, Watcher, WorkerProcess } from '@cloudbench/core'

/** One thing that a watcher samples, with the names that it samples it under. */
export interface SignalSource {
  readonly signals: Readonly<Record<string, SignalKind>>
  /** Why others cannot be sampled on this machine, by name. */
  readonly missing?: Readonly<Record<string, string>>
  /** What cannot be read now is left out, or undefined. */
  read(workers: readonly WorkerProcess[]): Promise<Readonly<Record<string, number | undefined>>>
  close?(): Promise<void>
}

/** Stands for something that this machine does not have: why, by the names of the signals. */
export function missing(reasons: Readonly<Record<string, string>>): SignalSource {
  return { signals: {}, missing: reasons, read: async () => ({}) }
}

/** Watches all of them at once. */
export function watcherOf(sources: readonly SignalSource[]): Watcher {
  const together = <T>(of: (source: SignalSource) => Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(sources.flatMap((source) => Object.entries(of(source))))
  return {
    signals: together(({ signals }) => signals),
    missing: together(({ missing: reasons = {} }) => reasons),
    async read(workers) {
      const values: Record<string, number> = {}
      for (const sample of await Promise.all(sources.map((source) => source.read(workers))))
        for (const [name, value] of Object.entries(sample)) if (value !== undefined) values[name] = value
      return values
    },
    async close() {
      await Promise.all(sources.map(async (source) => source.close?.()))
    },
  }
}
