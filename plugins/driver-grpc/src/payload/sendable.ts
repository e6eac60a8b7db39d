import type { JsonValue } from '@bufbuild/protobuf'
import type { Call } from '@cloudbench/core'
import { demoMessages } from '../loopback/demo-service.ts'
import type { GrpcOptions } from '../options.ts'
import type { Method } from '../wire/method.ts'
import { compileEncoder, type Encoder } from './encoder.ts'
import { compileMessage, drawValues, type MessageTemplate } from './message.ts'

/** A compiled message to send: its generated texts, and how to encode it with them. */
export interface Sendable {
  readonly template: MessageTemplate
  readonly encode: Encoder
}

/** Compiles the messages of the options, in the order they are sent. */
export function compileSendables(
  options: Pick<GrpcOptions, 'message'>,
  { name, input, types }: Method,
): readonly Sendable[] {
  const message = options.message ?? demoMessages[name] ?? {}
  return ([message].flat() as JsonValue[]).map((written) => {
    const template = compileMessage(input, written, types)
    return { template, encode: compileEncoder(template) }
  })
}

/** Encodes one message for one request; `values` keeps its generated texts. */
export function encodeFor({ template, encode }: Sendable, call: Call, values: string[]): Buffer {
  return encode(drawValues(template, call, values))
}
