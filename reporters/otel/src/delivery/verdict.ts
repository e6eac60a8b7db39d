import { messageOf } from '@cloudbench/core'
import { visible } from '@cloudbench/core/text'
import { ExportResultCode, type ExportResult } from '@opentelemetry/core'
import { ProtobufMetricsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import type { Signal } from '../options.ts'
import type { Answer } from './answers.ts'

/** What became of an export. */
export interface Verdict {
  /** How many items were rejected for good. */
  readonly lost: number
  /** None has arrived, but another try may do. */
  readonly isLater: boolean
  /** What went wrong, or what the receiver had to say. */
  readonly why?: string
}

/** By the specification of OTLP, these alone are worth another try. */
const passing = new Set([429, 502, 503, 504])
const excerptLength = 300

export function verdictOf(
  signal: Signal,
  count: number,
  result: ExportResult,
  answer: Answer | undefined,
): Verdict {
  if (result.code === ExportResultCode.FAILED) return failure(count, result, answer)
  // an exporter of another kind than we know: rather an error than a loss that no one hears of
  if (answer === undefined) return { lost: count, isLater: false, why: 'its answer could not be read' }
  const partial = partialSuccessOf(signal, answer)
  if (partial === undefined)
    return { lost: count, isLater: false, why: `its answer is no OTLP: ${described(answer)}` }
  const { rejected, message } = partial
  const lost = Math.min(rejected, count)
  const said = excerpt(message)
  if (lost === 0) return { lost, isLater: false, ...(said !== '' && { why: said }) }
  return { lost, isLater: false, why: `it rejected ${lost} of ${count}: ${said || 'it does not say why'}` }
}

function failure(count: number, { error }: ExportResult, answer: Answer | undefined): Verdict {
  if (answer === undefined) return { lost: 0, isLater: true, why: visible(networkError(error)) }
  const isLater = passing.has(answer.status)
  return { lost: isLater ? 0 : count, isLater, why: described(answer) }
}

function networkError(error: Error | undefined): string {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  // where a name has several addresses, the error of all of them has no message
  return messageOf(error) || (typeof code === 'string' ? code : 'the connection failed')
}

function described({ status, reason, body }: Answer): string {
  const text = excerpt(body.toString('utf8'))
  return `it answered ${status} ${visible(reason)}${text === '' ? '' : `: ${text}`}`
}

function excerpt(text: string): string {
  const line = visible(text.replaceAll(/\s+/g, ' ').trim())
  return line.length > excerptLength ? `${line.slice(0, excerptLength)}…` : line
}

/** `undefined` where the answer is no OTLP, such as the page of a web server that says 200 to everything. */
function partialSuccessOf(
  signal: Signal,
  { contentType, body }: Answer,
): { readonly rejected: number; readonly message: string } | undefined {
  if (body.length === 0) return { rejected: 0, message: '' }
  try {
    const { partialSuccess } = (responseOf(signal, contentType, body) ?? {}) as {
      readonly partialSuccess?: Readonly<Record<string, unknown>> | null
    }
    // a number in protobuf, and in JSON a text
    const rejected = Number(partialSuccess?.['rejectedSpans'] ?? partialSuccess?.['rejectedDataPoints'] ?? 0)
    const { errorMessage: message = '' } = partialSuccess ?? {}
    return Number.isFinite(rejected) && typeof message === 'string' ? { rejected, message } : undefined
  } catch {
    return undefined
  }
}

function responseOf(signal: Signal, contentType: string, body: Buffer): unknown {
  if (contentType.startsWith('application/json')) {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    if (typeof parsed === 'object' && parsed !== null) return parsed
  } else if (contentType.startsWith('application/x-protobuf')) {
    const serializer = signal === 'traces' ? ProtobufTraceSerializer : ProtobufMetricsSerializer
    return serializer.deserializeResponse(body)
  }
  throw new Error('not the type of an answer')
}
