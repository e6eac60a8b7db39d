import { messageOf, type DriverContext, type Slot } from '@cloudbench/core'
import { errorWithCode } from '@cloudbench/driver-kit'
import type { Reading } from '../../audit/reading.ts'
import type { Receiver } from '../../client/link.ts'
import type { Loss } from '../../client/loss.ts'
import type { ConsumeOptions } from '../../options.ts'
import { createOutcomes } from '../../outcomes.ts'
import { pointFetch, readFetched } from '../../wire/fetch.ts'
import { isMoved, noError, protocolError } from '../../wire/protocol-errors.ts'
import type { Reader } from '../../wire/reader.ts'
import { batchesIn, eachMessage, hasMessages, isDamage } from '../../wire/records.ts'
import { askOffset } from '../../wire/requests.ts'
import type { Cursor } from './cursors.ts'

const outOfRange = 1

/** Fetches from one partition after another; one function, since all of it shares the state of one request. */
// oxlint-disable-next-line max-lines-per-function -- all of it shares the state of one request
export function createFetching(
  { options, bytes, outcome }: DriverContext<ConsumeOptions>,
  cursors: readonly Cursor[],
  { contents, received, gap, note }: Reading,
  loss: Loss,
): (slot: Slot) => void {
  const { refused } = createOutcomes(outcome)
  let turn = 0
  let cursor: Cursor = cursors[0]!
  let waiting: Slot | undefined
  /** How often this request has come to the end of its partition. */
  let rounds = 0

  const readSet = (set: Buffer): boolean => {
    let isWhole = true
    for (const batch of batchesIn(set, options.verify)) {
      if (!note(cursor.partition, batch, cursor.offset)) isWhole = false
      if (options.verify) eachMessage(batch, contents.right)
      cursor.offset = batch.nextOffset
    }
    return isWhole
  }

  const readWhole = (set: Buffer): boolean => {
    try {
      return readSet(set)
    } catch (error) {
      if (isDamage(error))
        contents.wrong(
          () => `partition ${cursor.partition} from offset ${cursor.offset} on: ${messageOf(error)}`,
        )
      throw error
    }
  }

  /** Goes to the beginning, which a topic that deletes what is old has moved. */
  const beginAgain = async (): Promise<void> => {
    try {
      const { link, partition, startOffset } = cursor
      cursor.offset = cursor.startOffset = await askOffset(link, options.topic, partition, 'earliest')
      if (cursor.startOffset === startOffset)
        throw protocolError(outOfRange, `reading partition ${partition} of ${options.topic}`)
      ask()
    } catch (error) {
      loss.report(error as Error)
    }
  }

  const receiver: Receiver = {
    received(answer: Reader) {
      const { code, set, startOffset, endOffset } = readFetched(answer)
      const { offset } = cursor
      if (code === outOfRange && offset === cursor.startOffset) {
        void beginAgain()
        return
      }
      if (code !== noError && (isMoved(code) || code === outOfRange)) {
        const said = code === outOfRange ? 'the topic no longer keeps what comes next' : undefined
        loss.report(protocolError(code, `reading partition ${cursor.partition} of ${options.topic}`, said))
        return
      }
      bytes.received += set.length
      if (code !== noError) {
        waiting!.done(refused(code))
        return
      }
      const hasCome = hasMessages(set)
      if (hasCome && options.verify) waiting!.answered()
      const isWhole = readWhole(set)
      cursor.startOffset = Math.max(cursor.startOffset, startOffset)
      const isAtEnd = cursor.offset >= endOffset
      if (isAtEnd) cursor.offset = cursor.startOffset
      if (isWhole && !hasCome) {
        if (isAtEnd) rounds++
        if (rounds === 2 || (set.length > 0 && cursor.offset === offset)) throw nothingToRead(cursor, options)
        // marks of transactions only, or nothing was ready in time
        ask()
        return
      }
      waiting!.done(isWhole ? received : gap)
    },
  }
  const ask = (): void => {
    pointFetch(cursor.frame, cursor.link, cursor.offset)
    cursor.link.send(receiver, cursor.frame)
  }
  return (slot) => {
    if (loss.error) {
      slot.unsent(loss.error)
      return
    }
    waiting = slot
    rounds = 0
    cursor = cursors[turn++ % cursors.length]!
    ask()
  }
}

function nothingToRead({ partition, offset }: Cursor, { topic }: ConsumeOptions): Error {
  return errorWithCode(
    'NO_MESSAGES',
    `partition ${partition} of ${topic} has no message from offset ${offset} on`,
  )
}
