import type { Attributes, HrTime, Link, SpanContext, SpanStatus } from '@opentelemetry/api'
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api'
import { hrTimeDuration, type InstrumentationScope } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { redacted } from '../redacted.ts'

/** What all spans of a run have in common. */
export interface SpanSource {
  readonly resource: Resource
  readonly scope: InstrumentationScope
  redact(text: string): string
}

export interface SpanParts {
  readonly name: string
  readonly kind?: SpanKind
  readonly context: SpanContext
  readonly parent?: SpanContext | undefined
  readonly start: HrTime
  readonly end: HrTime
  readonly attributes: Attributes
  readonly status?: SpanStatus
  readonly links?: readonly Link[]
  readonly events?: readonly {
    readonly name: string
    readonly time: HrTime
    readonly attributes: Attributes
  }[]
}

/** A span as the SDK would have recorded it: it has already been, so nothing records it. */
export function spanOf({ resource, scope, redact }: SpanSource, parts: SpanParts): ReadableSpan {
  const { name, kind = SpanKind.INTERNAL, context, parent, start, end, attributes, status } = parts
  const { links = [], events = [] } = parts
  const duration = hrTimeDuration(start, end)
  return {
    name: redact(name),
    kind,
    spanContext: () => context,
    ...(parent && { parentSpanContext: parent }),
    startTime: start,
    endTime: end,
    status:
      status?.message === undefined ? (status ?? unset) : { ...status, message: redact(status.message) },
    attributes: redacted(attributes, redact),
    links: links.map((link) => ({ ...link, attributes: redacted(link.attributes ?? {}, redact) })),
    events: events.map((event) => ({ ...event, attributes: redacted(event.attributes, redact) })),
    duration,
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

const unset: SpanStatus = { code: SpanStatusCode.UNSET }

export function contextOf(traceId: string, spanId: string, isSampled = true): SpanContext {
  return { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE }
}
