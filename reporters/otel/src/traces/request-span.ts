import type { Flow, TracedRequest } from '@cloudbench/core'
import type { Attributes, SpanContext } from '@opentelemetry/api'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { ATTR_ERROR_TYPE, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from '@opentelemetry/semantic-conventions'
import { hrTimeOf } from '../time.ts'
import { contextOf, type SpanParts } from './span.ts'

/** Under the ids that the target has seen, from sent to done; when it was due is an event. */
export function requestSpan(
  request: TracedRequest,
  flow: Flow | undefined,
  { phaseStartedAt, interval }: { readonly phaseStartedAt: Date; readonly interval: SpanContext },
): SpanParts {
  const { operation, outcome, ok, index, dueMs, sentMs, doneMs, connection, traceId, spanId, sampled } =
    request
  return {
    name: flow === undefined ? operation : `${flow.driver} ${operation}`,
    kind: SpanKind.CLIENT,
    context: contextOf(traceId, spanId, sampled),
    start: hrTimeOf(phaseStartedAt, sentMs),
    end: hrTimeOf(phaseStartedAt, Math.max(sentMs, doneMs)),
    attributes: {
      ...(flow && conventionsOf(flow, operation)),
      ...(!ok && { [ATTR_ERROR_TYPE]: outcome }),
      'cloudbench.flow': request.flow,
      'cloudbench.operation': operation,
      'cloudbench.outcome': outcome,
      'cloudbench.request.index': index,
      'cloudbench.connection': connection,
      ...(dueMs !== undefined && { 'cloudbench.lag': Math.max(0, sentMs - dueMs) / 1000 }),
    },
    ...(!ok && { status: { code: SpanStatusCode.ERROR, message: outcome } }),
    links: [{ context: interval, attributes: { 'cloudbench.link': 'interval' } }],
    events:
      dueMs === undefined ? [] : [{ name: 'due', time: hrTimeOf(phaseStartedAt, dueMs), attributes: {} }],
  }
}

/** What the semantic conventions want of each protocol, as far as it is known. */
function conventionsOf({ driver, target }: Flow, operation: string): Attributes {
  return { ...protocolAttributes(driver, operation), ...serverAttributes(target.url) }
}

function protocolAttributes(driver: string, operation: string): Attributes {
  switch (driver) {
    case 'redis':
      return { 'db.system.name': 'redis', 'db.operation.name': operation }
    case 'postgres':
      return { 'db.system.name': 'postgresql' }
    case 'kafka':
      return { 'messaging.system': 'kafka', 'messaging.operation.name': operation }
    case 'amqp':
      return { 'messaging.system': 'rabbitmq', 'messaging.operation.name': operation }
    case 'grpc':
      return { 'rpc.system.name': 'grpc' }
    default:
      return {}
  }
}

function serverAttributes(url: string): Attributes {
  if (!URL.canParse(url)) return {}
  const { hostname, port } = new URL(url)
  if (hostname === '') return {}
  return { [ATTR_SERVER_ADDRESS]: hostname, ...(port !== '' && { [ATTR_SERVER_PORT]: Number(port) }) }
}
