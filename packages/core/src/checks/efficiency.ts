import type { Measured } from '../metrics/metrics.ts'
import type { FlowMetrics } from '../plugin/model.ts'
import { absent, open, share, sumOf, value, type Reading } from './reading.ts'

/**
 * Requests per connection. Connections opened during warm-up are used in the measurement as well: the mean number open is
 * counted too.
 */
export function reuseOf({ flows, elapsedMs }: Measured, sent: number): Reading {
  const opened = sumOf(flows, (flow) => flow.connections.opened)
  const connections = Math.max(opened, elapsedMs > 0 ? open(flows) / elapsedMs : 0)
  return connections > 0 ? value(sent / connections) : { missing: 'no connection was opened' }
}

/** The counters that drivers publish of look-ups in their server's cache. */
const lookUps = { hits: 'cache.hits', misses: 'cache.misses' } as const

/** The share of look-ups in the server's cache that hit. */
export function residencyOf(flows: readonly FlowMetrics[]): Reading {
  const counted = flows.filter(({ counters }) => Object.hasOwn(counters, lookUps.hits))
  if (counted.length === 0)
    return absent(
      'counter',
      lookUps.hits,
      flows.flatMap((flow) => Object.keys(flow.counters)),
    )
  const hits = sumOf(counted, (flow) => flow.counters[lookUps.hits]!)
  const misses = sumOf(counted, (flow) => flow.counters[lookUps.misses] ?? 0)
  return share(hits, hits + misses, 'cache look-up was counted')
}
