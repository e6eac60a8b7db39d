import { defineWorkload, messageOf, type Connection, type DriverContext, type Slot } from '@cloudbench/core'
import { sharedReadings, type Readings } from '@cloudbench/driver-kit'
import { auditReadings, sharedOffsets, type Offsets } from '../audit/readings.ts'
import type { Receiver } from '../client/link.ts'
import type { Loss } from '../client/loss.ts'
import type { Partition } from '../client/partitions.ts'
import { openTopic } from '../client/topic.ts'
import { consumeOptions, type ConsumeOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { cleanup } from '../prepare.ts'
import { pointFetch, readFetched } from '../wire/fetch.ts'
import { isMoved, noError, protocolError } from '../wire/protocol-errors.ts'
import type { Reader } from '../wire/reader.ts'
import { batchesIn, eachMessage, hasBatch } from '../wire/records.ts'
import { openCursors, type Cursor, type Cursors } from './cursors.ts'
import { prepareFilled } from './fill.ts'

export const consume = defineWorkload({
  description: 'fetches from a topic that is full, from its beginning to its end and again',
  options: consumeOptions,
  connect,
  prepare: prepareFilled,
  audit: auditReadings,
  cleanup,
})

/** Opens a consumer. A request is one fetch, answered when at least one message has come. */
async function connect(context: DriverContext<ConsumeOptions>): Promise<Connection> {
  const { index, total } = context.connection
  const found = { offsets: await sharedOffsets(context), contents: await sharedReadings(context) }
  return await openTopic(
    context,
    (all) => shareOf(all, index, total),
    async ({ partitions, links, loss }) => {
      const cursors = await openCursors(links, partitions, context.options)
      return {
        streams: 1,
        reportsSockets: true,
        issue: createFetching(context, cursors, found, loss),
        close: () => links.close(),
      }
    },
  )
}

/** The partitions of one connection. If there are enough, they are divided among the connections. */
function shareOf(partitions: readonly Partition[], index: number, total: number): readonly Partition[] {
  if (total >= partitions.length) return [partitions[index % partitions.length]!]
  return partitions.filter((_, at) => at % total === index)
}

const outOfRange = 1

/** What the audit tells. */
interface Found {
  readonly offsets: Offsets
  readonly contents: Readings
}

/** Fetches from one partition after another; one function, since all of it shares the state of one request. */
// oxlint-disable-next-line max-lines-per-function -- all of it shares the state of one request
function createFetching(
  { options, bytes, outcome, counter, lost }: DriverContext<ConsumeOptions>,
  cursors: Cursors,
  { offsets, contents }: Found,
  loss: Loss,
): (slot: Slot) => void {
  const { received, gap, refused } = createOutcomes(outcome)
  const messages = counter('messages')
  let turn = 0
  let cursor: Cursor = cursors[0]
  let waiting: Slot | undefined

  const readSet = (set: Buffer): boolean => {
    let isWhole = true
    for (const batch of batchesIn(set, options.verify)) {
      if (batch.baseOffset > cursor.offset) {
        isWhole = false
        offsets.gaps++
        offsets.example ??= `partition ${cursor.partition} has nothing from offset ${cursor.offset} to ${batch.baseOffset}`
      }
      if (batch.nextOffset <= cursor.offset)
        contents.wrong(
          () =>
            `partition ${cursor.partition} returned offset ${batch.baseOffset} again after ${cursor.offset - 1}`,
        )
      if (options.verify) eachMessage(batch, contents.right)
      offsets.messages += batch.count
      messages.add(batch.count)
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

  const receiver: Receiver = {
    received(answer: Reader) {
      const { code, set, endOffset } = readFetched(answer)
      const slot = waiting!
      if (code !== noError && (isMoved(code) || code === outOfRange)) {
        loss.report(protocolError(code, `reading partition ${cursor.partition} of ${options.topic}`))
        return
      }
      bytes.received += set.length
      if (code === noError && cursor.offset < endOffset && !hasBatch(set)) {
        // the broker had nothing ready in time
        ask()
        return
      }
      if (options.verify) slot.answered()
      const ending = code !== noError ? refused(code) : readWhole(set) ? received : gap
      if (cursor.offset >= endOffset) cursor.offset = cursor.startOffset
      waiting = undefined
      slot.done(ending)
    },
  }
  const ask = (): void => {
    pointFetch(cursor.frame, cursor.link, cursor.offset)
    cursor.link.send(receiver, cursor.frame)
  }
  loss.onLost = lost
  return (slot) => {
    if (loss.error) {
      slot.fail(loss.error)
      return
    }
    waiting = slot
    cursor = cursors[turn++ % cursors.length]!
    ask()
  }
}

/** Not, for example, a codec that this machine lacks. */
function isDamage(error: unknown): boolean {
  return error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'CORRUPT_MESSAGE'
}
