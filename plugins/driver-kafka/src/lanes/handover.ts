import type { DriverContext, Slot } from '@cloudbench/core'
import { errorWithCode } from '@cloudbench/driver-kit'
import type { Reading } from '../audit/reading.ts'
import type { Loss } from '../client/loss.ts'

/** What a client library hands over: messages of one partition, in order. */
interface Handed {
  readonly partition: number
  readonly baseOffset: number
  readonly nextOffset: number
  readonly count: number
  readonly valueBytes: number
}

/** Brings requests and what a library has read together: a request is answered by what comes next. */
export interface Handover {
  issue(slot: Slot): void
  /**
   * Answers the next request. Resolves then, so that the library reads no further than it is asked to.
   * @param beat Called while it waits, so that the group does not take the consumer for dead.
   */
  take(handed: Handed, beat: () => void): Promise<void>
  /** The next messages of this partition are those at its beginning, wherever that is by now. */
  begin(partition: number): void
  /** Nothing is waited for any longer. */
  close(): void
}

/** Often enough for any session: the least that brokers accept is six seconds. */
const beatMs = 2_000

export function createHandover(
  { bytes }: Pick<DriverContext, 'bytes'>,
  { contents, received, gap, note }: Reading,
  loss: Loss,
): Handover {
  const expected = new Map<number, number>()
  let waiting: Slot | undefined
  let arrived: (() => void) | undefined
  let isClosed = false

  const untilAsked = async (beat: () => void): Promise<void> => {
    const timer = setInterval(beat, beatMs)
    await new Promise<void>((resolve) => {
      arrived = resolve
    })
    clearInterval(timer)
  }

  return {
    issue(slot) {
      if (loss.error) {
        slot.unsent(loss.error)
        return
      }
      waiting = slot
      arrived?.()
      arrived = undefined
    },
    async take(handed, beat) {
      if (waiting === undefined && !isClosed) await untilAsked(beat)
      const slot = waiting
      if (slot === undefined || isClosed || loss.error) return
      waiting = undefined
      const { partition, baseOffset, nextOffset, count, valueBytes } = handed
      bytes.received += valueBytes
      const isWhole = note(partition, handed, expected.get(partition) ?? baseOffset)
      for (let right = count; right > 0; right--) contents.right()
      expected.set(partition, Math.max(nextOffset, expected.get(partition) ?? 0))
      slot.done(isWhole ? received : gap)
    },
    begin: (partition) => void expected.delete(partition),
    close() {
      isClosed = true
      arrived?.()
    },
  }
}

/** Where nothing but the marks of transactions is left. */
export function nothingToRead(topic: string, partition: number, offset: number): Error {
  return errorWithCode(
    'NO_MESSAGES',
    `partition ${partition} of ${topic} has no message from offset ${offset} on`,
  )
}
