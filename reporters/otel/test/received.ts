/** OTLP as JSON, as far as tests read it. */
interface KeyValue {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

export interface ReceivedPoint {
  readonly name: string
  readonly unit: string
  readonly temporality: number | undefined
  readonly isMonotonic: boolean | undefined
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly startNs: bigint
  readonly endNs: bigint
  /** Of a sum or a gauge. */
  readonly value: number
  /** Of an exponential histogram. */
  readonly histogram?: {
    readonly count: number
    readonly sum: number
    readonly min: number
    readonly max: number
    readonly scale: number
    readonly zeroCount: number
    readonly offset: number
    readonly counts: readonly number[]
  }
}

export interface ReceivedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly kind: number
  readonly flags: number
  readonly startNs: bigint
  readonly endNs: bigint
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly status: { readonly code?: number; readonly message?: string }
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly events: readonly {
    readonly name: string
    readonly attributes: Readonly<Record<string, unknown>>
  }[]
}

export interface Received {
  readonly points: readonly ReceivedPoint[]
  readonly spans: readonly ReceivedSpan[]
}

// oxlint-disable typescript/no-explicit-any -- what a real receiver wrote is looked at, not trusted
type Any = any

/** The points and spans of requests in OTLP's JSON. */
export function received(requests: readonly unknown[]): Received {
  const points: ReceivedPoint[] = []
  const spans: ReceivedSpan[] = []
  for (const { resourceMetrics = [], resourceSpans = [] } of requests as Any[]) {
    for (const { resource, scopeMetrics = [] } of resourceMetrics)
      for (const { metrics = [] } of scopeMetrics)
        for (const metric of metrics) points.push(...pointsOf(metric, attributesOf(resource.attributes)))
    for (const { resource, scopeSpans = [] } of resourceSpans)
      for (const { spans: some = [] } of scopeSpans)
        for (const span of some) spans.push(spanOf(span, attributesOf(resource.attributes)))
  }
  return { points, spans }
}

function pointsOf(
  { name, unit, sum, gauge, exponentialHistogram }: Any,
  resource: ReceivedPoint['resource'],
): ReceivedPoint[] {
  const { dataPoints, aggregationTemporality, isMonotonic } = sum ?? gauge ?? exponentialHistogram
  return dataPoints.map((point: Any) => ({
    name,
    unit,
    temporality: aggregationTemporality,
    isMonotonic,
    attributes: attributesOf(point.attributes),
    resource,
    startNs: BigInt(point.startTimeUnixNano ?? 0),
    endNs: BigInt(point.timeUnixNano),
    value: Number(point.asInt ?? point.asDouble ?? Number.NaN),
    ...(exponentialHistogram !== undefined && {
      histogram: {
        count: Number(point.count ?? 0),
        sum: point.sum ?? 0,
        min: point.min ?? 0,
        max: point.max ?? 0,
        scale: point.scale ?? 0,
        zeroCount: Number(point.zeroCount ?? 0),
        offset: point.positive?.offset ?? 0,
        counts: (point.positive?.bucketCounts ?? []).map(Number),
      },
    }),
  }))
}

function spanOf(span: Any, resource: ReceivedSpan['resource']): ReceivedSpan {
  return {
    name: span.name,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    kind: span.kind,
    flags: span.flags ?? 0,
    startNs: BigInt(span.startTimeUnixNano),
    endNs: BigInt(span.endTimeUnixNano),
    attributes: attributesOf(span.attributes),
    resource,
    status: span.status ?? {},
    links: (span.links ?? []).map(({ traceId, spanId }: Any) => ({ traceId, spanId })),
    events: (span.events ?? []).map((event: Any) => ({
      name: event.name,
      attributes: attributesOf(event.attributes),
    })),
  }
}

function attributesOf(list: readonly KeyValue[] = []): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    list.map(({ key, value }) => {
      const [kind, inner] = Object.entries(value)[0] ?? []
      return [key, kind === 'intValue' ? Number(inner) : inner]
    }),
  )
}
