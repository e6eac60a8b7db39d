import { CloudbenchError } from '@cloudbench/core'
import { parseDuration } from '@cloudbench/core/text'
import { responseNs, type LoggedRequest } from './request.ts'

/** Which requests are wanted. Of a list, any one; of several options, all. */
export interface FilterArguments {
  readonly slow?: string
  readonly trace?: string
  readonly outcome?: readonly string[]
  readonly flow?: readonly string[]
  readonly operation?: readonly string[]
  readonly phase?: readonly string[]
  readonly from?: string
  readonly to?: string
}

type Filter = (request: LoggedRequest) => boolean

/** Rejects values that mean nothing, before a file is read. */
export function filterOf(given: FilterArguments): Filter {
  const { slow, trace, outcome, flow, operation, phase, from, to } = given
  const filters: Filter[] = []
  if (slow !== undefined) {
    const leastNs = parseDuration(slow) * 1e6
    filters.push((request) => responseNs(request) >= leastNs)
  }
  if (trace !== undefined) {
    const prefix = prefixOf(trace)
    filters.push(({ traceId, spanId }) => traceId.startsWith(prefix) || spanId.startsWith(prefix))
  }
  if (outcome) filters.push((request) => outcome.includes(request.outcome.name))
  if (flow) filters.push((request) => flow.includes(request.outcome.flow))
  if (operation) filters.push((request) => operation.includes(request.outcome.operation))
  if (phase)
    filters.push((request) => phase.includes(request.phase.name) || phase.includes(request.phase.kind))
  if (from !== undefined) {
    const fromNs = parseDuration(from) * 1e6
    filters.push((request) => sinceStartNs(request) >= fromNs)
  }
  if (to !== undefined) {
    const toNs = parseDuration(to) * 1e6
    filters.push((request) => sinceStartNs(request) < toNs)
  }
  return (request) => filters.every((filter) => filter(request))
}

/** From the start of the run until it was sent. */
function sinceStartNs({ log, sentNs }: LoggedRequest): number {
  return sentNs - log.anchor.monotonic_ns
}

/** A trace id, its beginning, or a whole `traceparent`. */
function prefixOf(trace: string): string {
  const written = trace.trim().toLowerCase()
  const id = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}$/.exec(written)?.[1] ?? written
  if (/^[\da-f]{1,32}$/.test(id)) return id
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: `--trace ${JSON.stringify(trace)} is not a trace id`,
    expected: 'up to 32 hexadecimal digits, the beginning of an id, or a traceparent',
  })
}
