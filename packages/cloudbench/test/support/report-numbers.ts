import { parseDuration } from '@cloudbench/core/text'
import type { Received } from '@cloudbench/fixtures/sink'

/** What a report of a run with one scenario says. Absent: it does not say. */
export interface ReportNumbers {
  readonly requests: number
  readonly failed?: number
  /** Every number of it that could be the p99 of response times, in nanoseconds. */
  readonly p99Ns: readonly number[]
}

const fromMs = (ms: number): readonly number[] => [ms * 1e6]

export function ofJunit(report: string): ReportNumbers {
  const property = (name: string): number =>
    Number(new RegExp(`name="${name}" value="([^"]+)"`).exec(report)?.[1])
  return {
    requests: property('requests'),
    failed: property('errors'),
    p99Ns: fromMs(property('latency_p99_ms')),
  }
}

/** The cells of tables show a rounded number and have the exact one beside it. */
export function ofHtml(page: string): ReportNumbers {
  const table = /<caption>\s*Requests\s*<\/caption>.*?<\/table>/s.exec(page)?.[0] ?? ''
  const cells = valuesIn(table)
  const titles = [...table.matchAll(/<th scope="col"[^>]*>([^<]*)/g)].map(([, title]) => title!.trim())
  // the name of the row is no value
  const cell = (title: string): number => cells[titles.indexOf(title) - 1]!
  return { requests: cell('sent'), failed: cell('failed'), p99Ns: valuesIn(page) }
}

function valuesIn(html: string): number[] {
  return [...html.matchAll(/<data value="([^"]+)"/g)].map(([, value]) => Number(value))
}

export function ofNdjson(text: string): ReportNumbers {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; [key: string]: unknown })
  const end = lines.find(({ event }) => event === 'scenario-end') as unknown as FlatLine
  return { requests: end.requests, failed: end.errors, p99Ns: fromMs(end.latency_p99_ms) }
}

export interface FlatLine {
  readonly requests: number
  readonly errors: number
  readonly latency_p99_ms: number
  readonly verdict: string
}

export function ofCsv(text: string): ReportNumbers {
  const [head = [], total = []] = text.split(/\r?\n/).map((line) => line.split(','))
  const cell = (name: string): number => Number(total[head.indexOf(name)])
  return { requests: cell('sent'), failed: cell('failed'), p99Ns: fromMs(cell('response_p99_ms')) }
}

export function ofMarkdown(text: string): ReportNumbers {
  const rows = text.split('\n').filter((line) => line.startsWith('|'))
  const [head = [], , total = []] = rows.map((line) => line.split('|').map((cell) => cell.trim()))
  const cell = (name: string): string => total[head.indexOf(name)] ?? ''
  return { requests: Number(cell('requests')), p99Ns: fromMs(durationMs(cell('p99'))) }
}

export function ofTerminal(screen: string): ReportNumbers {
  const lines = screen.split('\n').map((line) => line.trim().split(/ {2,}/))
  const at = lines.findIndex(([first]) => first === 'response')
  const [head = [], total = []] = lines.slice(at)
  const cell = (name: string): string => total[head.indexOf(name)] ?? ''
  return { requests: Number(cell('requests')), p99Ns: fromMs(durationMs(cell('p99'))) }
}

/** `14.8 ms`, whatever is thought of it: `?≥14.8 ms`. */
function durationMs(text: string): number {
  return parseDuration(text.replaceAll(/&#126;|[?~≥ ]/g, ''))
}

/** The last group that was put, as Prometheus would read it. */
export function ofPrometheus(received: readonly Received[]): ReportNumbers {
  const text = received.findLast(({ method }) => method === 'PUT')!.body.toString()
  const samples = [...text.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm)].map(([, name, labels, value]) => ({
    name,
    labels: labels!,
    value: Number(value),
  }))
  const sum = (name: string, label = ''): number =>
    samples
      .filter((sample) => sample.name === name && sample.labels.includes(label))
      .reduce((total, { value }) => total + value, 0)
  const requests = sum('cloudbench_request_duration_seconds_count')
  const inResponse = sum('cloudbench_request_duration_seconds_count', 'distribution="response"')
  const bucket = samples
    .filter(
      ({ name, labels }) =>
        name === 'cloudbench_request_duration_seconds_bucket' && labels.includes('distribution="response"'),
    )
    .map(({ labels, value }) => ({
      value,
      le: Number(/le="([^"]+)"/.exec(labels)![1]!.replace('+Inf', 'Infinity')),
    }))
  const at = bucket.findIndex(({ value }) => value >= Math.ceil(inResponse * 0.99))
  return {
    requests,
    failed: sum('cloudbench_request_duration_seconds_count', 'distribution="failures"'),
    // its value lies in the bucket, whose edges are what Prometheus knows
    p99Ns: between(bucket[at - 1]!.le * 1e9, bucket[at]!.le * 1e9),
  }
}

/** Steps of 1 %, so that one of them is near whatever lies between. */
function between(low: number, high: number): number[] {
  const steps: number[] = []
  for (let value = low; value < high; value *= 1.01) steps.push(value)
  return [...steps, high]
}

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly doubleValue?: number }
}

interface Point {
  readonly attributes: readonly Attribute[]
  readonly count?: number | string
  readonly asDouble?: number
}

interface Metric {
  readonly name: string
  readonly exponentialHistogram?: { readonly dataPoints: readonly Point[] }
  readonly gauge?: { readonly dataPoints: readonly Point[] }
}

interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[]
  }[]
}

/** The last cumulative point of each series of the measurement. */
export function ofOtel(received: readonly Received[]): ReportNumbers {
  const counts = new Map<string, number>()
  const quantiles: number[] = []
  for (const { path, body } of received) {
    if (path !== '/v1/metrics') continue
    const { resourceMetrics } = JSON.parse(body.toString()) as MetricsRequest
    for (const metric of resourceMetrics.flatMap(({ scopeMetrics }) =>
      scopeMetrics.flatMap(({ metrics }) => metrics),
    )) {
      if (metric.name === 'cloudbench.request.duration')
        for (const point of metric.exponentialHistogram!.dataPoints)
          if (attribute(point, 'cloudbench.phase.kind') === 'measure')
            counts.set(JSON.stringify(point.attributes), Number(point.count))
      if (metric.name === 'cloudbench.phase.request.duration.quantile')
        for (const point of metric.gauge!.dataPoints)
          if (Number(attribute(point, 'quantile')) === 0.99) quantiles.push(point.asDouble! * 1e9)
    }
  }
  const sum = (only: string): number =>
    [...counts].filter(([series]) => series.includes(only)).reduce((total, [, count]) => total + count, 0)
  return { requests: sum(''), failed: sum('"failures"'), p99Ns: quantiles }
}

function attribute({ attributes }: Point, wanted: string): string | number | undefined {
  const found = attributes.find(({ key }) => key === wanted)?.value
  return found?.stringValue ?? found?.doubleValue
}
