import { defineWorkload, type Connection, type DriverContext } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { sharedLedger } from '../audit/ledger.ts'
import { openTopic } from '../client/topic.ts'
import { produceOptions, type ProduceOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { cleanup, prepare } from '../prepare.ts'
import { noteEnds, outletsOf } from './outlets.ts'
import { createProducer } from './producer.ts'
import { producerOptions } from './producer-options.ts'

export const produce = defineWorkload({
  description: 'an asynchronous producer with batches and compression',
  options: produceOptions,
  connect,
  prepare,
  audit,
  cleanup,
})

/** Opens an asynchronous producer. A request is one message, answered when its batch is. */
async function connect(context: DriverContext<ProduceOptions>): Promise<Connection> {
  const { options, connection, bytes } = context
  const ledger = await sharedLedger(context)
  const { stored, refused } = createOutcomes(context.outcome)
  return await openTopic(
    context,
    (all) => all,
    async ({ partitions, links, loss }) => {
      const writer = ledger.openWriter()
      const outlets = outletsOf(partitions, links)
      await noteEnds(ledger, outlets, options.topic)
      const producer = await createProducer({
        ...producerOptions(context, ledger, writer),
        outlets,
        firstOutlet: connection.index,
        stored(batch, baseOffset) {
          ledger.acknowledged(writer, batch, baseOffset)
          bytes.sent += batch.count * options.valueSize
          for (const slot of batch.slots) slot.done(stored)
        },
        refused(batch, code) {
          const outcome = refused(code)
          for (const slot of batch.slots) slot.done(outcome)
        },
        broken: loss.report,
      })
      loss.onLost = (error) => {
        producer.close()
        for (const slot of producer.unanswered()) slot.fail(error)
      }
      return {
        streams: options.inFlight,
        issue(slot) {
          if (loss.error) slot.fail(loss.error)
          else producer.append(slot)
        },
        async close() {
          producer.close()
          await links.close()
        },
      }
    },
  )
}
