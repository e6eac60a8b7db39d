import { RequestIds } from '../load/request-ids.ts'
import type { Requests, RequestsDelta } from '../metrics/requests.ts'
import type { Phase, TracedRequest, Tracing } from '../plugin/model.ts'

/** Numbers of a request in a delta. */
const perRequest = 6

/** Tells the requests of a flow from what a worker reports of them. */
export type RequestReader = (at: number, delta: RequestsDelta) => Requests

interface Trace extends Tracing {
  readonly run: string
  /** Names of the flows' workloads, which stand for requests without an operation. */
  readonly workloads: readonly string[]
}

/** For a phase; `flows` in the order in which workers report them. Imported only where requests are traced. */
export function requestReader(
  { run, ratio, workloads }: Trace,
  { scenario, loads }: Phase,
  flows: readonly string[],
): RequestReader {
  const ids = flows.map((flow) => new RequestIds(run, scenario, flow, ratio))
  return (at, { numbers, ends, requestsDropped }) => {
    const flow = flows[at]!
    const isOpen = loads[flow]!.model === 'open'
    const requests = Array.from({ length: numbers.length / perRequest }, (_, place): TracedRequest => {
      const own = numbers.slice(place * perRequest, (place + 1) * perRequest)
      const [index, dueMs, sentMs, doneMs, connection, end] = own as [
        number,
        number,
        number,
        number,
        number,
        number,
      ]
      const ended = ends[end]!
      const outcome =
        typeof ended === 'string' ? { name: ended, ok: false, operation: workloads[at]! } : ended
      const [, traceId, spanId] = ids[at]!.traceparent(index).split('-') as [string, string, string]
      return {
        flow,
        operation: outcome.operation,
        outcome: outcome.name,
        ok: outcome.ok,
        index,
        ...(isOpen && { dueMs }),
        sentMs,
        doneMs,
        connection,
        traceId,
        spanId,
        sampled: ids[at]!.isSampled(index),
      }
    })
    return { requests, requestsDropped }
  }
}
