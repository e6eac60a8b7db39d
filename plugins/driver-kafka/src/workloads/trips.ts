import type { Connection, DriverContext } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import type { Ledger } from '../audit/ledger.ts'
import type { OpenTopic } from '../client/topic.ts'
import type { FollowOptions, Lane } from '../lanes/lane.ts'
import type { ProduceOptions } from '../options.ts'
import { createOutcomes, type Outcomes } from '../outcomes.ts'
import { isInLedger, sequenceOf, writerOf } from '../payload.ts'
import { askOffset } from '../wire/requests.ts'
import { openProducer, type LedgeredProducer } from './ledgered-producer.ts'
import { createWaiting, type Waiting } from './waiting.ts'

/** Opens a producer and a consumer of one partition, for messages that go and come back. */
export async function openTrips(
  context: DriverContext<ProduceOptions>,
  lane: Lane,
  topic: OpenTopic,
  ledger: Ledger,
): Promise<Connection> {
  const { bytes, options } = context
  const { inFlight, valueSize } = options
  const { links, loss } = topic
  const { partition, leader } = topic.partitions[0]!
  const outcomes = createOutcomes(context.outcome)
  const waiting = createWaiting(inFlight)
  const opened = await openProducer(context, lane, topic, ledger, {
    stored: () => {},
    refused(batch, code, said) {
      const outcome = outcomes.refused(code, said)
      for (let at = 0; at < batch.count; at++) waiting.take(batch.firstSequence + at)?.done(outcome)
    },
  })
  const { producer } = opened
  const follower = await lane.follow(topic, {
    topic: options.topic,
    partition,
    startOffset: await askOffset(links.to(leader), options.topic, partition, 'latest'),
    ...(await comparing(context, { ledger, waiting, outcomes, opened, partition })),
  })
  loss.onLost = (error) => {
    producer.stop()
    producer.giveBack(error)
    context.lost(error)
  }
  return {
    streams: inFlight,
    reportsSockets: true,
    issue(slot) {
      if (loss.error) {
        slot.unsent(loss.error)
        return
      }
      waiting.put(producer.sequence, slot)
      bytes.sent += valueSize
      producer.append(slot)
    },
    async close() {
      producer.stop()
      await Promise.all([producer.close(), follower.close()])
      await links.close()
    },
  }
}

interface Trips {
  readonly ledger: Ledger
  readonly waiting: Waiting
  readonly outcomes: Outcomes
  readonly opened: LedgeredProducer
  readonly partition: number
}

/** Compares what comes back with what was sent. */
async function comparing(
  context: DriverContext<ProduceOptions>,
  { ledger, waiting, outcomes, opened, partition }: Trips,
): Promise<Pick<FollowOptions, 'onMessage' | 'damaged'>> {
  const { bytes, options } = context
  const { writer, writeValue } = opened
  const { received, wrongValue } = outcomes
  const ledgerId = Buffer.from(ledger.id)
  const contents = await sharedReadings(context)
  const sent = Buffer.allocUnsafeSlow(options.valueSize)
  return {
    onMessage(buffer, from, to) {
      if (!isInLedger(ledgerId, buffer, from, to) || writerOf(buffer, from) !== writer) return
      const sequence = sequenceOf(buffer, from)
      const slot = waiting.take(sequence)
      if (slot === undefined) return
      bytes.received += to - from
      slot.answered()
      writeValue(sent, 0, sequence, slot.index)
      const isRight = sent.compare(buffer, from, to) === 0
      if (isRight) contents.right()
      else {
        const describe = (): string => `message ${sequence} of connection ${writer} came back changed`
        contents.wrong(describe)
        wrongValue.example ??= describe()
      }
      slot.done(isRight ? received : wrongValue)
    },
    damaged: (error) => contents.wrong(() => `partition ${partition}: ${error.message}`),
  }
}
