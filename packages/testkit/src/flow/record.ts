import type { DriverContext } from '@cloudbench/core'
import type { Tally } from '@cloudbench/core/program'

/** What a driver has counted so far, readable while it counts. */
export interface Recorded {
  readonly counters: Readonly<Record<string, number>>
  /** Nanoseconds, by the recorder's name. */
  readonly recorded: Readonly<Record<string, readonly number[]>>
  /** Names of all outcomes, in the order in which they were made. */
  readonly outcomes: readonly string[]
  /** What the driver counts in, instead of the tally itself. */
  readonly tally: Pick<DriverContext, 'outcome' | 'counter' | 'recorder' | 'bytes'>
}

/** Passes everything on to the tally, and keeps a copy: draining a tally empties it. */
export function record(tally: Tally): Recorded {
  const counters: Record<string, number> = {}
  const recorded: Record<string, number[]> = {}
  const outcomes: string[] = []
  return {
    counters,
    recorded,
    outcomes,
    tally: {
      bytes: tally.bytes,
      outcome(name, options) {
        const outcome = tally.outcome(name, options)
        if (!outcomes.includes(outcome.name)) outcomes.push(outcome.name)
        return outcome
      },
      counter(name) {
        const counter = tally.counter(name)
        return {
          add(amount) {
            counter.add(amount)
            counters[name] = (counters[name] ?? 0) + amount
          },
        }
      },
      recorder(name) {
        const recorder = tally.recorder(name)
        const values = (recorded[name] ??= [])
        return {
          record(valueNs) {
            recorder.record(valueNs)
            values.push(valueNs)
          },
        }
      },
    },
  }
}
