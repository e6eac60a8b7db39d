import { CloudbenchError, type Connection, type DriverContext, type Slot } from '@cloudbench/core'
import { clusterOf, openLinks, placesOf, type Links, type Place } from '../client/cluster.ts'
import { connectError } from '../connect-error.ts'
import { createFailure } from '../client/failure.ts'
import { fetchFrame, pointFetch, readFetched } from '../wire/fetch.ts'
import type { Link, Receiver } from '../client/link.ts'
import type { ConsumeOptions } from '../options.ts'
import { createRefusals } from './produce.ts'
import { isMoved, noError, protocolError } from '../wire/protocol-errors.ts'
import { sharedReadings } from '../audit/readings.ts'
import { batchesIn, eachMessage } from '../wire/records.ts'
import type { Reader } from '../wire/reader.ts'
import { askOffset } from '../wire/requests.ts'

/** There is always something to read, so a broker has nothing to wait for. */
const fetchWaitMs = 500

/** A partition that is read from its beginning to its end, again and again. */
interface Reel {
  readonly partition: number
  readonly link: Link
  readonly frame: Buffer
  readonly startOffset: number
  offset: number
}

/** Opens a consumer. A request is one fetch, answered when at least one message has come. */
export async function connectConsumer(context: DriverContext<ConsumeOptions>): Promise<Connection> {
  const { options, signal, connection, bytes } = context
  const cluster = await clusterOf(context)
  const readings = await sharedReadings(context)
  const all = await placesOf(cluster, options.topic, signal)
  const places = shareOf(all, connection.index, connection.total)
  const received = context.outcome('received')
  const gap = context.outcome('gap', { ok: false })
  const refused = createRefusals(context)
  const messages = context.counter('messages')
  const failure = createFailure()
  const links = await openLinks(cluster, places, failure.raise)
  try {
    const reels = await openReels(links, places, options)
    let turn = 0
    let reel: Reel = reels[0]
    let waiting: Slot | undefined

    const readSet = (set: Buffer): boolean => {
      let isWhole = true
      for (const batch of batchesIn(set, options.verify)) {
        if (batch.baseOffset > reel.offset) {
          isWhole = false
          readings.gaps++
          readings.example ??= `partition ${reel.partition} has nothing from offset ${reel.offset} to ${batch.baseOffset}`
        }
        if (options.verify) eachMessage(batch, ignore)
        readings.messages += batch.count
        messages.add(batch.count)
        reel.offset = batch.nextOffset
      }
      return isWhole
    }

    const receiver: Receiver = {
      received(answer: Reader) {
        const { code, set, endOffset } = readFetched(answer)
        const slot = waiting!
        if (code !== noError && (isMoved(code) || code === outOfRange)) {
          failure.raise(protocolError(code, `reading partition ${reel.partition} of ${options.topic}`))
          return
        }
        bytes.received += set.length
        const before = reel.offset
        const outcome = code !== noError ? refused(code) : readSet(set) ? received : gap
        if (code === noError && reel.offset === before && before < endOffset) {
          // the broker had nothing ready in time
          ask()
          return
        }
        if (reel.offset >= endOffset) reel.offset = reel.startOffset
        waiting = undefined
        slot.done(outcome)
      },
    }
    const ask = (): void => {
      pointFetch(reel.frame, reel.link, reel.offset)
      reel.link.send(receiver, reel.frame)
    }
    failure.onRaise = (error) => {
      const slot = waiting
      waiting = undefined
      slot?.fail(error)
    }
    return {
      streams: 1,
      issue(slot) {
        if (failure.error) {
          slot.fail(failure.error)
          return
        }
        waiting = slot
        reel = reels[turn++ % reels.length]!
        ask()
      },
      close: () => links.close(),
    }
  } catch (error) {
    await links.close()
    throw connectError(failure.error ?? error, cluster.target.addresses[0], cluster.access)
  }
}

const outOfRange = 1

function ignore(): void {}

/** The partitions of one connection: all of them, if they are enough, are spread over the connections. */
function shareOf(places: readonly Place[], index: number, total: number): readonly Place[] {
  if (total >= places.length) return [places[index % places.length]!]
  return places.filter((_, at) => at % total === index)
}

async function openReels(
  links: Links,
  places: readonly Place[],
  { topic, fetchSize }: ConsumeOptions,
): Promise<readonly [Reel, ...Reel[]]> {
  const reels: Reel[] = []
  for (const { partition, leader } of places) {
    const link = links.to(leader)
    const startOffset = await askOffset(link, topic, partition, 'earliest')
    const endOffset = await askOffset(link, topic, partition, 'latest')
    if (endOffset === startOffset) continue
    const frame = fetchFrame({
      topic,
      partition,
      offset: startOffset,
      maxBytes: fetchSize,
      maxWaitMs: fetchWaitMs,
    })
    reels.push({ partition, link, frame, startOffset, offset: startOffset })
  }
  const [first, ...others] = reels
  if (first) return [first, ...others]
  throw new CloudbenchError({
    code: 'CB_CONNECT',
    what: `there is nothing to read in ${places.length === 1 ? `partition ${places[0]!.partition}` : 'the partitions'} of the topic ${JSON.stringify(topic)}`,
    expected: 'a topic with messages',
    next: 'name a topic that does not exist yet, and it will be created and filled, or write to this one first',
  })
}
