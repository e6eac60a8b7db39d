import { CloudbenchError, type Call, type DriverContext } from '@cloudbench/core'
import { createKeyChoice } from '../payload/distribution.ts'
import type { WriteLedger } from '../audit/ledger.ts'
import type { RedisOptions } from '../options.ts'

/** What the next request of a connection is. One object per connection, set anew for each. */
export interface Planner {
  isRead: boolean
  index: number
  /** Of a write: higher for each later one. */
  sequence: number
  next(call: Call): void
}

/** Decides for a connection which key to read or write. A connection only writes to keys of its own, see the ledger. */
export function createPlanner(
  { options, connection }: DriverContext<RedisOptions>,
  ledger: WriteLedger,
): Planner {
  const { keys, reads } = options
  if (reads < 1 && keys < connection.total)
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `${connection.total} connections cannot each write to keys of their own when there are ${keys} keys`,
      expected: 'at least as many keys as connections',
      next: `options.keys: ${connection.total}, or fewer connections`,
    })
  const choose = createKeyChoice(options)
  const planner: Planner = {
    isRead: true,
    index: 0,
    sequence: 0,
    next(call) {
      planner.isRead = call.random() < reads
      const index = choose(call)
      if (planner.isRead) {
        planner.index = index
        return
      }
      const own = index - (index % connection.total) + connection.index
      planner.index = own < keys ? own : own - connection.total
      planner.sequence = ledger.nextSequence()
    },
  }
  return planner
}
