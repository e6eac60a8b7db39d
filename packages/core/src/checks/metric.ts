import { CloudbenchError } from '../errors.ts'
import type { Measured } from '../metrics/metrics.ts'
import type { Metrics, MetricUnit } from '../plugin/model.ts'
import { nearest } from '../text/suggest.ts'
import { residencyOf, reuseOf } from './efficiency.ts'
import {
  absent,
  answered,
  errors,
  open,
  perSecond,
  share,
  sum,
  sumOf,
  value,
  type Reading,
} from './reading.ts'
import { statisticOf } from './statistic.ts'

/** The part of a measurement that a metric is read from. */
export interface Selection extends Measured {
  readonly metrics: readonly Metrics[]
}

/** Something that can be read from a measurement. */
export interface Metric {
  readonly name: string
  readonly unit: MetricUnit
  /** Connections, bytes and what drivers count are known per flow only. */
  readonly perOperation: boolean
  /** Needs due times, and so an open loop. */
  readonly needsDue: boolean
  read(selection: Selection): Reading
}

const recorded = {
  response: 'response time',
  service: 'service time',
  latency: 'latency',
  lag: 'lag',
  failures: 'failure',
} as const
const distributions = ['response', 'service', 'latency', 'lag', 'failures'] as const
const statistics = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'mean', 'min', 'max']

/** Names from other tools. */
const otherWords: Readonly<Record<string, string>> = {
  response_time: 'response',
  service_time: 'service',
  duration: 'service',
  tps: 'rate',
  rps: 'rate',
  qps: 'rate',
  throughput: 'rate',
  error_rate: 'errors.rate',
  errors: 'errors.rate',
  failed: 'errors.count',
  timeout: 'timeouts',
}

const simple: Readonly<Record<string, Metric>> = Object.fromEntries(
  [
    ofRequests('rate', 'perSecond', ({ metrics, elapsedMs }) => perSecond(answered(metrics), elapsedMs)),
    ofRequests('requests', 'count', ({ metrics }) => value(sum(metrics, 'sent'))),
    ofRequests('errors.rate', 'share', ({ metrics }) =>
      share(errors(metrics), sum(metrics, 'sent'), 'request was sent'),
    ),
    ofRequests('errors.count', 'count', ({ metrics }) => value(errors(metrics))),
    ofRequests('timeouts', 'count', ({ metrics }) => value(sum(metrics, 'timedOut'))),
    ofRequests('unsent', 'count', ({ metrics }) => value(sum(metrics, 'unsent'))),
    ofConnections('connections.opened', ({ flows }) =>
      value(sumOf(flows, (flow) => flow.connections.opened)),
    ),
    ofConnections('connections.refused', ({ flows }) =>
      value(sumOf(flows, (flow) => flow.connections.refused)),
    ),
    ofConnections('connections.active', ({ flows, elapsedMs }) =>
      elapsedMs > 0 ? value(open(flows) / elapsedMs) : { missing: 'no time elapsed' },
    ),
    ofConnections('reuse', (selection) => reuseOf(selection, sum(selection.metrics, 'sent'))),
    ofFlows('residency', 'share', ({ flows }) => residencyOf(flows)),
    ofFlows('bytes.sent', 'bytesPerSecond', (selection) => bytes(selection, 'sent')),
    ofFlows('bytes.received', 'bytesPerSecond', (selection) => bytes(selection, 'received')),
  ].map((metric) => [metric.name, metric]),
)

/** Every metric whose name is known before a run. */
export const metricNames: readonly string[] = [
  ...distributions.flatMap((distribution) => statistics.map((name) => `${distribution}.${name}`)),
  ...Object.keys(simple),
]

const families = 'outcomes.<name>.rate, outcomes.<name>.count, counters.<name> and recorders.<name>.p99'

/** Finds a metric by its name, such as `response.p99` or `outcomes.miss.rate`. Throws `CB_CHECK` for an unknown one. */
export function parseMetric(name: string): Metric {
  const found = Object.hasOwn(simple, name) ? simple[name] : (distributionOf(name) ?? memberOf(name))
  if (found !== undefined) return found
  const meant = translated(name) ?? nearest(name, metricNames)
  throw new CloudbenchError({
    code: 'CB_CHECK',
    what: `${name} is not a metric`,
    expected: `one of ${metricNames.filter((known) => !/\.(p(50|90|95|99\.9+)|min|max|mean)$/.test(known)).join(', ')}, ${families}`,
    next:
      meant === undefined ? 'see docs/reference/configuration.md for every metric' : `did you mean ${meant}?`,
  })
}

function translated(name: string): string | undefined {
  const word = name.replaceAll('-', '_').toLowerCase()
  if (statisticOf(name) !== undefined) return `response.${name}`
  if (Object.hasOwn(otherWords, word)) return otherWords[word]
  const [head = '', ...tail] = name.split('.')
  const known = Object.hasOwn(otherWords, head) ? otherWords[head]! : nearest(head, distributions)
  const rest = tail.join('.')
  return known !== undefined && statisticOf(rest) !== undefined ? `${known}.${rest}` : undefined
}

function distributionOf(name: string): Metric | undefined {
  const [, distribution, rest = ''] = /^(response|service|latency|lag|failures)\.(.+)$/.exec(name) ?? []
  const read = statisticOf(rest)
  if (distribution === undefined || read === undefined) return undefined
  const key = distribution as (typeof distributions)[number]
  return {
    name,
    unit: 'ns',
    perOperation: true,
    needsDue: key === 'response' || key === 'lag',
    read({ metrics }) {
      // the requests were counted, and none of them failed
      if (key === 'failures' && sum(metrics, 'sent') > 0 && sum(metrics, 'failed') === 0) return value(0)
      return read(
        metrics.map((part) => part[key === 'latency' ? basisOf(part) : key]),
        recorded[key],
      )
    },
  }
}

/** What the flat line of a scenario calls latency. A closed loop has no response times. */
function basisOf({ response }: Metrics): 'response' | 'service' {
  return response.count > 0 ? 'response' : 'service'
}

function memberOf(name: string): Metric | undefined {
  const [, outcome, what] = /^outcomes\.(.+)\.(rate|count)$/s.exec(name) ?? []
  if (outcome !== undefined)
    return ofRequests(name, what === 'rate' ? 'share' : 'count', ({ metrics }) => {
      // the requests were counted: an outcome that none of them had is none of so many, not unknown
      const count = sumOf(metrics, ({ outcomes }) =>
        Object.hasOwn(outcomes, outcome) ? outcomes[outcome]!.count : 0,
      )
      return what === 'rate' ? share(count, sum(metrics, 'sent'), 'request was sent') : value(count)
    })

  const [, counter] = /^counters\.(.+)$/s.exec(name) ?? []
  if (counter !== undefined)
    return ofFlows(name, 'count', ({ flows }) => {
      const counts = flows.flatMap(({ counters }) =>
        Object.hasOwn(counters, counter) ? [counters[counter]!] : [],
      )
      if (counts.length > 0) return value(counts.reduce((a, b) => a + b, 0))
      return absent(
        'counter',
        counter,
        flows.flatMap((flow) => Object.keys(flow.counters)),
      )
    })

  // the name of a recorder and a statistic may both contain a dot
  const [, recorder, rest = ''] = /^recorders\.(.+?)\.(p\d+(?:\.\d+)?|mean|min|max)$/s.exec(name) ?? []
  const read = statisticOf(rest)
  if (recorder === undefined || read === undefined) return undefined
  return ofFlows(name, 'ns', ({ flows }) => {
    const parts = flows.flatMap(({ recorders }) =>
      Object.hasOwn(recorders, recorder) ? [recorders[recorder]!] : [],
    )
    if (parts.length > 0) return read(parts, `value in ${recorder}`)
    return absent(
      'recorder',
      recorder,
      flows.flatMap((flow) => Object.keys(flow.recorders)),
    )
  })
}

function ofRequests(name: string, unit: MetricUnit, read: (selection: Selection) => Reading): Metric {
  return {
    name,
    unit,
    perOperation: true,
    needsDue: false,
    read: (selection) =>
      sum(selection.metrics, 'scheduled') === 0 ? { missing: 'there were no requests' } : read(selection),
  }
}

function ofFlows(name: string, unit: MetricUnit, read: (selection: Selection) => Reading): Metric {
  return { name, unit, perOperation: false, needsDue: false, read }
}

function ofConnections(name: string, read: (selection: Selection) => Reading): Metric {
  return ofFlows(name, 'count', (selection) => {
    const any = selection.flows.some(
      ({ connections: { opened, refused, openMs } }) => opened + refused + openMs > 0,
    )
    return any ? read(selection) : { missing: 'there were no connections' }
  })
}

function bytes({ flows, elapsedMs }: Selection, direction: 'sent' | 'received'): Reading {
  const counted = flows.some((flow) => flow.bytes.sent + flow.bytes.received > 0)
  return counted
    ? perSecond(
        sumOf(flows, (flow) => flow.bytes[direction] * shareInTime(flow.total)),
        elapsedMs,
      )
    : { missing: 'no bytes were counted' }
}

/** Bytes count in the rate as the answers that they belong to. */
function shareInTime({ ok, failed, lateShare }: Metrics): number {
  return ok + failed > 0 ? 1 - lateShare / (ok + failed) : 1
}
