import { defineWorkload, type Connection, type DriverContext } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { sharedLedger, type Ledger } from '../audit/ledger.ts'
import { openTopic, type OpenTopic } from '../client/topic.ts'
import { roundtripOptions, type ProduceOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { isInLedger, sequenceOf, writerOf } from '../payload.ts'
import { cleanup, prepare } from '../prepare.ts'
import { askOffset } from '../wire/requests.ts'
import { follow } from './follow.ts'
import { openProducer } from './ledgered-producer.ts'
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
  const { index } = context.connection
  const ledger = await sharedLedger(context)
  return await openTopic(
    context,
    // with as many partitions as connections, none reads the messages of another
    (all) => [all[index % all.length]!],
    (topic) => openTrips(context, topic, ledger),
  )
}

async function openTrips(
  context: DriverContext<ProduceOptions>,
  topic: OpenTopic,
  ledger: Ledger,
): Promise<Connection> {
  const { bytes, options } = context
  const { inFlight, valueSize } = options
  const { links, loss } = topic
  const { partition, leader } = topic.partitions[0]!
  const { received, refused } = createOutcomes(context.outcome)
  const ledgerId = Buffer.from(ledger.id)
  const waiting = createWaiting(inFlight)
  // a broker answers the requests of a connection one after another, and a fetch waits
  const reading = await links.openAnother(leader)
  const { producer, writer } = await openProducer(context, topic, ledger, {
    stored: () => {},
    refused(batch, code, said) {
      const outcome = refused(code, said)
      for (let at = 0; at < batch.count; at++) waiting.take(batch.firstSequence + at)?.done(outcome)
    },
  })
  follow(reading, {
    topic: options.topic,
    partition,
    startOffset: await askOffset(reading, options.topic, partition, 'latest'),
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
    context.lost(error)
  }
  return {
    streams: inFlight,
    reportsSockets: true,
    issue(slot) {
      if (loss.error) {
        slot.fail(loss.error)
        return
      }
      waiting.put(producer.sequence, slot)
      bytes.sent += valueSize
      producer.append(slot)
    },
    async close() {
      producer.close()
      await links.close()
    },
  }
}
