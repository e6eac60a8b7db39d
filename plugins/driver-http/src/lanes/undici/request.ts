import type { Call, RequestTrace } from '@cloudbench/core'
import { render } from '@cloudbench/driver-kit'
import type { HttpRequest } from '@cloudbench/driver-kit/http'
import type { Dispatcher } from 'undici'

/** What undici is told about a request. */
export interface RequestParts extends Dispatcher.RequestOptions {
  readonly body: Buffer | null
}

/** What all requests of a connection have in common. */
export interface RequestPlan {
  readonly streams: number
  readonly keepAlive: boolean
  /** The name that TLS asks for. */
  readonly servername: string | undefined
  readonly trace: RequestTrace | undefined
}

/** Composes a request as an application does, which knows its parts. */
export function composeRequest(
  { method, path, headers, body }: HttpRequest,
  { streams, keepAlive, servername, trace }: RequestPlan,
  call: Call,
): RequestParts {
  return {
    method,
    path: render(path, call),
    headers: traced(
      headers.flatMap(([name, value]) => [name, render(value, call)]),
      call,
      trace,
    ),
    body: body === undefined || Buffer.isBuffer(body) ? (body ?? null) : bytesOf(render(body, call)),
    ...(servername !== undefined && { servername }),
    // otherwise undici holds back what may be slow or must not be repeated
    ...(streams > 1 && { blocking: false, idempotent: true }),
    ...(!keepAlive && { reset: true }),
  }
}

/** With a header of its own, a request keeps that. */
function traced(headers: string[], { index }: Call, trace: RequestTrace | undefined): string[] {
  if (trace === undefined) return headers
  const isTold = headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'traceparent')
  if (!isTold) headers.push('traceparent', trace.traceparent(index))
  return headers
}

function bytesOf(text: string): Buffer | null {
  return text === '' ? null : Buffer.from(text)
}
