import { defineWorkload, type Connection, type DriverContext } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { sharedLedger, type Ledger } from '../audit/ledger.ts'
import type { Link } from '../client/link.ts'
import type { Loss } from '../client/loss.ts'
import { openTopic } from '../client/topic.ts'
import { roundtripOptions, type ProduceOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { isInLedger, sequenceOf, writerOf } from '../payload.ts'
import { cleanup, prepare } from '../prepare.ts'
import { askOffset } from '../wire/requests.ts'
import { follow } from './follow.ts'
import { noteEnds, outletsOf, type Outlets } from './outlets.ts'
import { createProducer } from './producer.ts'
import { producerOptions } from './producer-options.ts'
import { createWaiting } from './waiting.ts'

export const roundtrip = defineWorkload({
  description: 'messages that are written and read back, timed from end to end',
  options: roundtripOptions,
  connect,
  prepare,
  audit,
  cleanup,
})

/**
 * Opens a producer and a consumer of one partition. A request is one message, answered when it has been read back: both
 * ends are in this process, so one clock times it.
 */
async function connect(context: DriverContext<ProduceOptions>): Promise<Connection> {
  const { options, connection } = context
  const ledger = await sharedLedger(context)
  return await openTopic(
    context,
    // with as many partitions as connections, none reads the messages of another
    (all) => [all[connection.index % all.length]!],
    async ({ partitions, links, loss }) => {
      // a broker answers the requests of a connection one after another, and a fetch waits
      const reading = await links.openAnother(partitions[0]!.leader)
      const outlets = outletsOf(partitions, links)
      await noteEnds(ledger, outlets, options.topic)
      const { issue, stop } = await startTrips(context, { ledger, outlets, reading, loss })
      return {
        streams: options.inFlight,
        issue,
        async close() {
          stop()
          await links.close()
        },
      }
    },
  )
}

interface Ends {
  readonly ledger: Ledger
  /** The one partition to write to. */
  readonly outlets: Outlets
  /** Another link to its leader, to read from. */
  readonly reading: Link
  readonly loss: Loss
}

interface Trips {
  readonly issue: NonNullable<Connection['issue']>
  stop(): void
}

async function startTrips(
  context: DriverContext<ProduceOptions>,
  { ledger, outlets, reading, loss }: Ends,
): Promise<Trips> {
  const { bytes } = context
  const { topic, inFlight, valueSize } = context.options
  const { received, refused } = createOutcomes(context.outcome)
  const [{ partition }] = outlets
  const writer = ledger.openWriter()
  const ledgerId = Buffer.from(ledger.id)
  const waiting = createWaiting(inFlight)
  const producer = await createProducer({
    ...producerOptions(context, ledger, writer),
    outlets,
    firstOutlet: 0,
    stored: (batch, baseOffset) => ledger.acknowledged(writer, batch, baseOffset),
    refused(batch, code) {
      for (let at = 0; at < batch.count; at++) waiting.take(batch.firstSequence + at)?.done(refused(code))
    },
    broken: loss.report,
  })
  follow(reading, {
    topic,
    partition,
    startOffset: await askOffset(reading, topic, partition, 'latest'),
    onMessage(buffer, from, to) {
      if (!isInLedger(ledgerId, buffer, from, to) || writerOf(buffer, from) !== writer) return
      const slot = waiting.take(sequenceOf(buffer, from))
      if (slot === undefined) return
      bytes.received += valueSize
      slot.done(received)
    },
    failed: loss.report,
  })
  loss.onLost = (error) => {
    producer.close()
    for (const slot of waiting.all()) slot.fail(error)
  }
  return {
    issue(slot) {
      if (loss.error) {
        slot.fail(loss.error)
        return
      }
      waiting.put(producer.sequence, slot)
      bytes.sent += valueSize
      producer.append(slot)
    },
    stop: () => producer.close(),
  }
}
