import type { JsonValue } from '@bufbuild/protobuf'
import type { Call } from '@cloudbench/core'
import { demoMessages } from '../loopback/demo-service.ts'
import { compileEncoder, type Encoder } from './encoder.ts'
import { compileMessage, drawValues, type MessageTemplate } from './message.ts'
import type { GrpcOptions } from '../options.ts'
import type { Method } from '../wire/method.ts'

/** A message to send, compiled: its generated texts, and the bytes with them in it. */
export interface Sendable {
  readonly template: MessageTemplate
  readonly encode: Encoder
}

/** Compiles the messages of the options, in the order in which they are sent. */
export function planMessages(
  options: Pick<GrpcOptions, 'message'>,
  { name, input }: Method,
): readonly Sendable[] {
  const message = options.message ?? demoMessages[name] ?? {}
  return ([message].flat() as JsonValue[]).map((written) => {
    const template = compileMessage(input, written)
    return { template, encode: compileEncoder(template) }
  })
}

/** The bytes of one message for one request; `values` keeps its generated texts. */
export function encodeFor({ template, encode }: Sendable, call: Call, values: string[]): Buffer {
  return encode(drawValues(template, call, values))
}
