import type { Call } from '@cloudbench/core'
import { compileTemplate, type Template } from '@cloudbench/driver-kit'
import type { HttpRequest, RequestWriter } from '@cloudbench/driver-kit/http'
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
}

export function createJsonRequest({ options, sendables, basePath }: JsonRequestOptions): JsonRequest {
  const metadata = Object.entries(options.metadata).map(([name, text]): [string, Template] => [
    name === 'authorization' ? name : options.metadataPrefix + name,
    compileTemplate(text),
  ])
  if (options.deadline !== undefined)
    metadata.push(['grpc-timeout', compileTemplate(timeoutText(options.deadline))])
  if (options.authority !== undefined) metadata.push(['host', compileTemplate(options.authority)])
  const values: string[] = []
  const requests = sendables.map(({ http }): HttpRequest => {
    const headers = [...metadata]
    if (http.body !== undefined) headers.push(['content-type', compileTemplate('application/json')])
    const path = drawn(http.path, values)
    return {
      method: http.verb,
      path: { ...path, head: basePath + path.head },
      headers,
      body: http.body && drawn(http.body, values),
    }
  })
  const writer = {
    turn: 0,
    values,
    requests,
    next(call: Call): number {
      writer.turn = call.index % requests.length
      drawValues(sendables[writer.turn]!.template, call, values)
      return writer.turn
    },
  }
  return writer
}

/** A template of values that are drawn before it is rendered. */
function drawn({ head, parts }: Template<readonly string[]>, values: readonly string[]): Template {
  return { head, parts: parts.map(({ generate, tail }) => ({ generate: () => generate(values), tail })) }
}

/** As gRPC writes it: at most eight digits and a unit. */
function timeoutText(deadlineMs: number): string {
  const wholeMs = Math.ceil(deadlineMs)
  return wholeMs < 100_000_000 ? `${wholeMs}m` : `${Math.ceil(wholeMs / 1_000)}S`
}
