import type { Connection, DriverContext } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { sharedLedger } from '../audit/ledger.ts'
import { openLane } from '../lanes/lane.ts'
import type { RedisOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { sharedKeyspace } from '../payload/keyspace.ts'
import { Judge } from './judge.ts'
import { createPlanner } from './planner.ts'

/** Opens one connection, and sends one GET or SET after another on it. */
export async function connect(context: DriverContext<RedisOptions>): Promise<Connection> {
  const { options, bytes } = context
  const ledger = await sharedLedger(context)
  const keyspace = await sharedKeyspace(context)
  const planner = createPlanner(context, ledger)
  const judge = new Judge({
    outcomes: createOutcomes(options, context.outcome),
    keyspace,
    ledger,
    writer: context.connection.index + 1,
    readings: options.verify ? await sharedReadings(context) : undefined,
    bytes,
  })
  const lane = await openLane(context, { planner, keyspace, judge })
  return {
    streams: options.pipelining,
    // a cluster's client opens connections to nodes as it needs them, and a server may accept one and then refuse it
    reportsSockets: true,
    issue(slot) {
      planner.next(slot)
      if (!planner.isRead) bytes.sent += options.valueSize
      lane.send(slot)
    },
    close: () => lane.close(),
  }
}
