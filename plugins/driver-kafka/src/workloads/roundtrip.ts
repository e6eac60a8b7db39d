import type { Connection, DriverContext, Slot } from '@cloudbench/core'
import { clusterOf, openLinks, openNamed, placesOf } from '../client/cluster.ts'
import { connectError } from '../connect-error.ts'
import { createFailure } from '../client/failure.ts'
import { fetchFrame, pointFetch, readFetched } from '../wire/fetch.ts'
import { sharedLedger } from '../audit/ledger.ts'
import type { Link, Receiver } from '../client/link.ts'
import type { ProduceOptions } from '../options.ts'
import { beginBooks, createRefusals, keepBooks, outletsOf, producerBasics } from './produce.ts'
import { createProducer } from './producer.ts'
import { isMoved, noError, protocolError } from '../wire/protocol-errors.ts'
import { batchesIn, eachMessage } from '../wire/records.ts'
import { askOffset } from '../wire/requests.ts'
import { isOfBook, sequenceOf, writerOf } from '../payload.ts'

const fetchBytes = 1024 * 1024
/** How long the broker waits for a message; whoever sends one ends the wait. */
const fetchWaitMs = 500

/**
 * Opens a producer and a consumer of one partition. A request is one message, answered when it was read again: both
 * ends are in this process, so its time is one of one clock.
 */
export async function connectRoundtrip(context: DriverContext<ProduceOptions>): Promise<Connection> {
  const { options, signal, connection, bytes } = context
  const { topic, valueSize } = options
  const cluster = await clusterOf(context)
  const ledger = await sharedLedger(context)
  const all = await placesOf(cluster, topic, signal)
  // its own partition, so that nothing but its own messages is read as long as there are partitions enough
  const place = all[connection.index % all.length]!
  const received = context.outcome('received')
  const refused = createRefusals(context)
  const failure = createFailure()
  const links = await openLinks(cluster, [place], failure.raise)
  let reading: Link | undefined
  try {
    // a broker answers one request of a connection after another, and the one to read waits
    reading = await openNamed(cluster, place.leader, failure.raise)
    const writer = ledger.openWriter()
    await beginBooks(ledger, links, [place], topic)
    const waiting = createWaiting(options.inFlight)
    const producer = await createProducer({
      ...producerBasics(context, ledger, writer),
      outlets: outletsOf([place], links),
      firstOutlet: 0,
      stored: (batch, baseOffset) => keepBooks(ledger, writer, batch, baseOffset),
      refused(batch, code) {
        if (isMoved(code)) {
          failure.raise(protocolError(code, `partition ${batch.partition} of ${topic}`))
          return
        }
        for (let at = 0; at < batch.count; at++) waiting.take(batch.firstSequence + at)?.done(refused(code))
      },
      broken: failure.raise,
    })
    const book = Buffer.from(ledger.id)
    const start = await askOffset(reading, topic, place.partition, 'latest')
    consume(
      reading,
      { topic, partition: place.partition, start, failed: failure.raise },
      (buffer, from, to) => {
        if (!isOfBook(book, buffer, from, to) || writerOf(buffer, from) !== writer) return
        const slot = waiting.take(sequenceOf(buffer, from))
        if (slot === undefined) return
        bytes.received += valueSize
        slot.done(received)
      },
    )
    failure.onRaise = (error) => {
      producer.close()
      for (const slot of waiting.all()) slot.fail(error)
    }
    const consumer = reading
    return {
      streams: options.inFlight,
      issue(slot) {
        if (failure.error) {
          slot.fail(failure.error)
          return
        }
        waiting.put(producer.sequence, slot)
        bytes.sent += valueSize
        producer.append(slot)
      },
      async close() {
        producer.close()
        await Promise.all([links.close(), consumer.close()])
      },
    }
  } catch (error) {
    await Promise.all([links.close(), reading?.close()])
    throw connectError(failure.error ?? error, cluster.target.addresses[0], cluster.access)
  }
}

/** Requests by the number of their message. One that is never read again makes room for a later one. */
interface Waiting {
  put(sequence: number, slot: Slot): void
  take(sequence: number): Slot | undefined
  all(): Slot[]
}

function createWaiting(inFlight: number): Waiting {
  const mask = 2 ** Math.ceil(Math.log2(inFlight * 2)) - 1
  const slots: (Slot | undefined)[] = Array.from({ length: mask + 1 })
  const sequences = new Float64Array(mask + 1)
  return {
    put(sequence, slot) {
      slots[sequence & mask] = slot
      sequences[sequence & mask] = sequence
    },
    take(sequence) {
      const at = sequence & mask
      if (sequences[at] !== sequence) return undefined
      const slot = slots[at]
      slots[at] = undefined
      return slot
    },
    all: () => slots.filter((slot) => slot !== undefined),
  }
}

interface ConsumeOptions {
  readonly topic: string
  readonly partition: number
  readonly start: number
  failed(error: Error): void
}

/** Reads a partition from an offset on, as long as the link is open. */
function consume(
  link: Link,
  { topic, partition, start, failed }: ConsumeOptions,
  onMessage: (buffer: Buffer, from: number, to: number) => void,
): void {
  const frame = fetchFrame({ topic, partition, offset: start, maxBytes: fetchBytes, maxWaitMs: fetchWaitMs })
  let offset = start
  const ask = (): void => {
    pointFetch(frame, link, offset)
    link.send(receiver, frame)
  }
  const receiver: Receiver = {
    received(answer) {
      const { code, set } = readFetched(answer)
      if (code !== noError) {
        failed(protocolError(code, `reading partition ${partition} of ${topic}`))
        return
      }
      for (const batch of batchesIn(set)) {
        eachMessage(batch, (_, buffer, from, to) => onMessage(buffer, from, to))
        offset = batch.nextOffset
      }
      ask()
    },
  }
  ask()
}
