import { CloudbenchError } from '../errors.ts'
import type { Link } from './connections.ts'

/** Each takes some 300 bytes, and every sweep for time-outs looks at it. */
const mostPlaces = 1_000_000

/** Refuses more places for requests in flight than a worker can keep. How many there are is known once connections are open. */
export function refuseTooManyPlaces(flow: string, links: readonly Link[]): void {
  const places = links.reduce((sum, { connection }) => sum + (connection.streams ?? 1), 0)
  if (places <= mostPlaces) return
  throw new CloudbenchError({
    code: 'CB_CONFIG',
    what: `flow ${flow}: ${places} requests in flight (${links.length} connections with ${Math.round(places / links.length)} each) are more than a worker can keep`,
    expected: `at most ${mostPlaces} for each worker`,
    next: 'lower connections or what one of them carries at once, or set more workers',
  })
}
