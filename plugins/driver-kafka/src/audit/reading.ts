import type { Counter, Outcome } from '@cloudbench/core'
import type { Readings } from '@cloudbench/driver-kit'
import type { Outcomes } from '../outcomes.ts'
import type { Offsets } from './readings.ts'

/** Messages of a partition that came together. */
interface Stretch {
  /** Offset of the first one, and the offset after the last one. */
  readonly baseOffset: number
  readonly nextOffset: number
  readonly count: number
}

/** What the connections of a worker note of what they read. */
export interface Reading {
  readonly offsets: Offsets
  readonly contents: Readings
  readonly received: Outcome
  readonly gap: Outcome
  /**
   * @param expected The offset after what was read before.
   * @returns false when offsets are missing between the two.
   */
  note(partition: number, stretch: Stretch, expected: number): boolean
}

export function createReading(
  { received, gap }: Outcomes,
  messages: Counter,
  offsets: Offsets,
  contents: Readings,
): Reading {
  return {
    offsets,
    contents,
    received,
    gap,
    note(partition, { baseOffset, nextOffset, count }, expected) {
      const isWhole = baseOffset <= expected || offsets.isCompacted
      if (!isWhole) {
        offsets.gaps++
        gap.example =
          offsets.example ??= `partition ${partition} has nothing from offset ${expected} to ${baseOffset}`
      }
      if (nextOffset <= expected)
        contents.wrong(
          () => `partition ${partition} returned offset ${baseOffset} again after ${expected - 1}`,
        )
      offsets.messages += count
      messages.add(count)
      return isWhole
    },
  }
}
