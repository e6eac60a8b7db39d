import type { Call } from '@cloudbench/core'
import type { RequestParts, RequestWriter } from '@cloudbench/driver-kit/undici'
import { drawValues } from './message.ts'
import type { JsonOptions } from '../options.ts'
import type { Sendable } from './sendable.ts'
import { compileTemplate, render } from '@cloudbench/driver-kit'
import type { Transcoded } from './transcode.ts'

/** A message with its HTTP form. */
interface TranscodedSendable extends Pick<Sendable, 'template'> {
  readonly http: Transcoded
}

/** Writes requests. One per request in flight, since it reuses what it returns. */
export interface JsonRequest extends RequestWriter {
  /** Which of the messages was sent last, and its generated texts. */
  readonly turn: number
  readonly values: readonly string[]
}

export interface JsonRequestOptions {
  readonly options: JsonOptions
  readonly sendables: readonly TranscodedSendable[]
  readonly basePath: string
  readonly servername: string | undefined
}

export function createJsonRequest({
  options,
  sendables,
  basePath,
  servername,
}: JsonRequestOptions): JsonRequest {
  const written = Object.entries(options.metadata).map(([name, text]) => ({
    name: name === 'authorization' ? name : options.metadataPrefix + name,
    template: compileTemplate(text),
  }))
  if (options.deadline !== undefined)
    written.push({ name: 'grpc-timeout', template: compileTemplate(timeoutText(options.deadline)) })
  const values: string[] = []
  const all = sendables.map((sendable) => {
    const headers = written.flatMap(({ name, template }) => [name, template.head])
    if (sendable.http.body !== undefined) headers.push('content-type', 'application/json')
    const parts: RequestParts = {
      method: sendable.http.verb,
      path: '',
      headers,
      body: null,
      // otherwise undici holds back requests behind one that may be slow or must not be repeated
      blocking: false,
      idempotent: options.streams > 1 || sendable.http.verb === 'GET',
      reset: false,
      ...(servername !== undefined && { servername }),
    }
    return { ...sendable, parts, length: headers.length }
  })
  const generated = written.flatMap(({ template }, at) =>
    template.parts.length > 0 ? [{ template, position: at * 2 + 1 }] : [],
  )
  const request = {
    turn: 0,
    values,
    write(call: Call): RequestParts {
      request.turn = call.index % all.length
      const { template, http, parts, length } = all[request.turn]!
      drawValues(template, call, values)
      parts.path = basePath + render(http.path, values)
      if (http.body !== undefined) parts.body = Buffer.from(render(http.body, values))
      const { headers } = parts
      for (let at = 0; at < generated.length; at++)
        headers[generated[at]!.position] = render(generated[at]!.template, call)
      if (call.traceparent !== undefined) {
        headers[length] = 'traceparent'
        headers[length + 1] = call.traceparent
      } else if (headers.length > length) headers.length = length
      return parts
    },
  }
  return request
}

/** As gRPC writes it: at most eight digits and a unit. */
function timeoutText(deadlineMs: number): string {
  const wholeMs = Math.ceil(deadlineMs)
  return wholeMs < 100_000_000 ? `${wholeMs}m` : `${Math.ceil(wholeMs / 1_000)}S`
}
