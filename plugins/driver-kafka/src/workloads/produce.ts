import { defineWorkload, type Connection, type DriverContext, type Outcome } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { sharedLedger } from '../audit/ledger.ts'
import type { Batch } from '../lanes/lane.ts'
import { openLane } from '../lanes/open-lane.ts'
import { produceOptions, type ProduceOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { cleanup, prepare } from '../prepare.ts'
import { openProducer } from './ledgered-producer.ts'

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
  const { options, bytes } = context
  const ledger = await sharedLedger(context)
  const outcomes = createOutcomes(context.outcome)
  const acknowledged = options.acks === 'none' ? outcomes.sent : outcomes.stored
  const answer = ({ slots }: Batch, outcome: Outcome): void => {
    for (const slot of slots) slot.done(outcome)
  }
  return await openLane(
    context,
    (all) => all,
    async (lane, topic) => {
      const { links, loss } = topic
      const { producer } = await openProducer(context, lane, topic, ledger, {
        stored(batch) {
          bytes.sent += batch.count * options.valueSize
          answer(batch, acknowledged)
        },
        refused: (batch, code, said) => answer(batch, outcomes.refused(code, said)),
      })
      loss.onLost = (error) => {
        producer.stop()
        producer.giveBack(error)
        context.lost(error)
      }
      return {
        streams: options.inFlight,
        reportsSockets: true,
        issue(slot) {
          if (loss.error) slot.unsent(loss.error)
          else producer.append(slot)
        },
        async close() {
          producer.stop()
          await producer.close()
          await links.close()
        },
      }
    },
  )
}
