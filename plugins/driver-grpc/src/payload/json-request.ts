import type { Call } from '@cloudbench/core'
import { compileTemplate, render, type Template } from '@cloudbench/driver-kit'
import { createRequest, type RequestParts, type RequestWriter } from '@cloudbench/driver-kit/undici'
import type { JsonOptions } from '../options.ts'
import { drawValues } from './message.ts'
import type { Sendable } from './sendable.ts'
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
  const metadata = Object.entries(options.metadata).map(([name, text]): [string, Template] => [
    name === 'authorization' ? name : options.metadataPrefix + name,
    compileTemplate(text),
  ])
  if (options.deadline !== undefined)
    metadata.push(['grpc-timeout', compileTemplate(timeoutText(options.deadline))])
  if (options.authority !== undefined) metadata.push(['host', compileTemplate(options.authority)])
  const values: string[] = []
  const all = sendables.map(({ template, http }) => {
    const headers = [...metadata]
    if (http.body !== undefined) headers.push(['content-type', compileTemplate('application/json')])
    const request = createRequest({ method: http.verb, headers, streams: options.streams, servername })
    return { template, http, ...request }
  })
  const request = {
    turn: 0,
    values,
    write(call: Call): RequestParts {
      request.turn = call.index % all.length
      const { template, http, parts, writeHeaders } = all[request.turn]!
      drawValues(template, call, values)
      parts.path = basePath + render(http.path, values)
      if (http.body !== undefined) parts.body = Buffer.from(render(http.body, values))
      writeHeaders(call)
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
