import { defineWorkload, type Connection, type DriverContext } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { sharedLedger } from '../audit/ledger.ts'
import { openTopic } from '../client/topic.ts'
import { roundtripOptions, type ProduceOptions } from '../options.ts'
import { cleanup, prepare } from '../prepare.ts'
import { openTrips } from './trips.ts'

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
