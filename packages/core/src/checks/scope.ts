import { CloudbenchError } from '../errors.ts'
import type { Measured } from '../metrics/metrics.ts'
import type { FlowMetrics, Metrics } from '../plugin/model.ts'
import { didYouMean } from '../text/suggest.ts'
import { parseMetric, type Metric, type Selection } from './metric.ts'

/** A metric of everything, of a flow, or of an operation. `*` is any flow, or any operation. */
export interface ScopedMetric {
  /** As written, such as `orders/insert/response.p99`. */
  readonly name: string
  readonly metric: Metric
  /** None, `[flow or operation]`, or `[flow, operation]`. */
  readonly scope: readonly string[]
}

/** Splits `flow/operation/metric`, and finds the metric. Throws `CB_CHECK`. */
export function parseScopedMetric(name: string): ScopedMetric {
  const parts = name.split('/')
  // names of outcomes and counters may contain slashes: the metric starts at a known word
  const start = parts.findIndex((part) => /^(outcomes|counters|recorders)\./.test(part))
  const depth = start === -1 ? parts.length - 1 : start
  const scope = parts.slice(0, depth)
  if (scope.length > 2 || scope.includes(''))
    throw new CloudbenchError({
      code: 'CB_CHECK',
      what: `${name} has ${scope.length > 2 ? 'more than a flow and an operation' : 'an empty name'} before its metric`,
      expected: 'metric, flow/metric, operation/metric or flow/operation/metric',
    })

  const metric = parseMetric(parts.slice(depth).join('/'))
  if (scope.length === 2 && scope[1] !== '*' && !metric.perOperation) throw notPerOperation(name, metric)
  return { name, metric, scope }
}

/** The part of a measurement that is meant, or why there is none. */
export function select(measured: Measured, { name, metric, scope }: ScopedMetric): Selection | string {
  const { flows, elapsedMs } = measured
  const [first = '*', second] = scope
  const of = (chosen: readonly FlowMetrics[], operation = '*'): Selection => ({
    flows: chosen,
    metrics: chosen.flatMap((flow) => metricsOf(flow, operation)),
    elapsedMs,
  })
  const named = first === '*' ? flows : flows.filter(({ flow }) => flow === first)
  if (second !== undefined) {
    if (named.length === 0) return `there was no flow ${first}; ${names(flows.map(({ flow }) => flow))}`
    if (second !== '*' && !named.some((flow) => Object.hasOwn(flow.operations, second)))
      return `there was no operation ${second}; ${names(operationsOf(named))}`
    return of(named, second)
  }
  const operated = flows.filter((flow) => Object.hasOwn(flow.operations, first))
  if (named.length > 0) {
    // an operation of the same name only matters when it would make a difference
    const same = operated.every(
      ({ flow, operations }) => flow === first && Object.keys(operations).length === 1,
    )
    if (scope.length === 0 || same || !metric.perOperation) return of(named)
    return `${first} is both a flow and an operation: write ${first}/*/${metric.name} or */${first}/${metric.name}`
  }
  if (operated.length === 0)
    return `there was no flow or operation ${first}; ${names([...flows.map(({ flow }) => flow), ...operationsOf(flows)])}`
  return metric.perOperation ? of(operated, first) : notPerOperation(name, metric).message
}

/** What is known about a flow before it runs. */
export interface KnownFlow {
  readonly name: string
  /** Whether its requests have due times: in an open loop. */
  readonly open: boolean
}

/** Rejects, before a run, what could not have a value after it. */
export function refuseImpossible({ name, metric, scope }: ScopedMetric, flows: readonly KnownFlow[]): void {
  const [first = '*', second] = scope
  const named = flows.filter((flow) => first === '*' || flow.name === first)
  if (named.length === 0 && (second !== undefined || !metric.perOperation))
    throw new CloudbenchError({
      code: 'CB_CHECK',
      what: `${name}: there is no flow ${first}`,
      next: didYouMean(
        first,
        flows.map((flow) => flow.name),
      ),
    })

  if (!metric.needsDue) return
  // a name that is no flow is an operation, of any flow
  const meant = named.length > 0 ? named : flows
  if (meant.every((flow) => !flow.open)) throw neverDue(name, metric)
  if (meant.some((flow) => !flow.open) && scope.length === 0)
    throw new CloudbenchError({
      code: 'CB_CHECK',
      what: `${name} would leave out the closed loops ${meant
        .filter((flow) => !flow.open)
        .map((flow) => flow.name)
        .join(', ')}`,
      expected: `the name of an open loop: ${meant
        .filter((flow) => flow.open)
        .map((flow) => `${flow.name}/${name}`)
        .join(', ')}`,
    })
}

function neverDue(name: string, { name: metric }: Metric): CloudbenchError {
  const replacement = metric.startsWith('response.')
    ? name.replace(metric, metric.replace('response.', 'service.'))
    : undefined
  return new CloudbenchError({
    code: 'CB_CHECK',
    what: `${name}: a closed loop has no due times`,
    next:
      replacement === undefined
        ? 'remove the check, or give the flow a rate'
        : `use ${replacement}, or give the flow a rate`,
  })
}

function notPerOperation(name: string, { name: metric }: Metric): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CHECK',
    what: `${name}: ${metric} is measured per flow, not per operation`,
    next: `write ${metric}, or <flow>/${metric}`,
  })
}

function metricsOf(flow: FlowMetrics, operation: string): Metrics[] {
  if (operation === '*') return [flow.total]
  return Object.hasOwn(flow.operations, operation) ? [flow.operations[operation]!] : []
}

function operationsOf(flows: readonly FlowMetrics[]): string[] {
  return flows.flatMap((flow) => Object.keys(flow.operations))
}

function names(known: readonly string[]): string {
  const list = [...new Set(known)]
  return list.length === 0 ? 'none are available' : `available: ${list.join(', ')}`
}
