import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { messageOf } from '@cloudbench/core'
import type { ExportResult } from '@opentelemetry/core'
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtobufMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import type { Settings } from '../settings.ts'
import { watchAnswers } from './answers.ts'
import { verdictOf, type Verdict } from './verdict.ts'

export interface Exporter<Data> {
  /** Never rejects. @param count How many spans or data points there are in it. */
  export(data: Data, count: number): Promise<Verdict>
  close(): void
}

export function traceExporter(settings: Settings): Exporter<ReadableSpan[]> {
  const Type = settings.protocol === 'http/json' ? JsonTraceExporter : ProtobufTraceExporter
  return watched(settings, (config) => new Type(config))
}

export function metricExporter(settings: Settings): Exporter<ResourceMetrics> {
  const Type = settings.protocol === 'http/json' ? JsonMetricExporter : ProtobufMetricExporter
  return watched(settings, (config) => new Type(config))
}

type Config = NonNullable<ConstructorParameters<typeof JsonTraceExporter>[0]>

function watched<Data>(
  { signal, url, headers, timeoutMs, compression, tls }: Settings,
  create: (config: Config) => { export(data: Data, done: (result: ExportResult) => void): void },
): Exporter<Data> {
  const agent =
    new URL(url).protocol === 'https:'
      ? new HttpsAgent({ keepAlive: true, ...tls })
      : new HttpAgent({ keepAlive: true })
  const answers = watchAnswers(agent)
  const exporter = create({
    url,
    headers: { ...headers },
    timeoutMillis: timeoutMs,
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the exporters do not export the enum
    compression: compression as Config['compression'] & string,
    httpAgentOptions: () => agent,
    userAgent: 'cloudbench',
  })
  return {
    async export(data, count) {
      answers.take()
      try {
        const result = await new Promise<ExportResult>((resolve) => exporter.export(data, resolve))
        return verdictOf(signal, count, result, answers.take())
      } catch (cause) {
        return { lost: count, isLater: false, why: `it could not be written: ${messageOf(cause)}` }
      }
    },
    close() {
      answers.close()
      agent.destroy()
    },
  }
}
