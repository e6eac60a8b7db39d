import { CloudbenchError, type Call, type DriverContext } from '@cloudbench/core'
import type { Ledger } from '../audit/ledger.ts'
import type { RedisOptions } from '../options.ts'
import { createKeyChoice } from '../payload/distribution.ts'

/** The next request of a connection. One object per connection, overwritten for each request. */
export interface Planner {
  isRead: boolean
  index: number
  /** Of a write: higher for each later one. */
  sequence: number
  next(call: Call): void
}

/** Picks the key to read or write next. A connection writes only to its own keys: see the ledger. */
export function createPlanner({ options, connection }: DriverContext<RedisOptions>, ledger: Ledger): Planner {
  const { keys, reads } = options
  if (reads < 1 && keys < connection.total)
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `${connection.total} connections cannot each have their own keys to write when there are only ${keys} keys`,
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
