import { defineWorkload, type Connection, type DriverContext } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { sharedLedger } from '../audit/ledger.ts'
import { openLane } from '../lanes/open-lane.ts'
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
  return await openLane(
    context,
    // with as many partitions as connections, none reads the messages of another
    (all) => [all[index % all.length]!],
    (lane, topic) => openTrips(context, lane, topic, ledger),
  )
}
