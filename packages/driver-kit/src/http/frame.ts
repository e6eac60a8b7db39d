import type { Call, RequestTrace } from '@cloudbench/core'
import type { LightSocket } from '../socket/light-socket.ts'
import { createTemplateBuilder, render, type Template } from '../templates/template.ts'
import { methodsWithBody, type HttpRequest } from './request.ts'

/** The length of the value of `traceparent`. */
const traceparentBytes = 55

/** A larger body leaves on its own, without a copy. */
const mergeLimitBytes = 16_384

/** A request in the form in which it leaves; it may leave twice. */
export interface Composed {
  /** Its head, with its body where that is not large: bytes, or Latin-1 text. */
  start: Buffer | string
  rest: Buffer | undefined
  bodyBytes: number
  /** The request's number, and where its `traceparent` goes in `start`; 0 for nowhere. */
  index: number
  traceAt: number
}

/** Lays out one request again and again. */
export interface Frame {
  readonly method: string
  compose(call: Call, composed: Composed): void
}

/** What all requests of a connection say. */
export interface FrameOptions {
  /** Host and port, as in the url. */
  readonly host: string
  readonly keepAlive: boolean
  /** Whether requests have a header `traceparent`, unless they have one of their own. */
  readonly isTraced?: boolean
}

/** Compiles a request: without generated parts, its bytes are made once. */
export function createFrame(request: HttpRequest, options: FrameOptions): Frame {
  const { method, body } = request
  const isTraced = options.isTraced === true && !has(request, 'traceparent')
  const head = headOf(request, options, isTraced)
  // the last line of the head, with its end
  const place = (headLength: number): number => (isTraced ? headLength - traceparentBytes - 2 : 0)
  if (Buffer.isBuffer(body) || body === undefined || body.parts.length === 0) {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body?.head ?? '')
    return withFixedBody(method, head, bytes, place)
  }
  return {
    method,
    compose(call, composed) {
      const start = render(head, call)
      const text = render(body, call)
      composed.bodyBytes = Buffer.byteLength(text)
      // text of ASCII has as many bytes as characters
      const latin = composed.bodyBytes === text.length ? text : Buffer.from(text).toString('latin1')
      composed.rest = undefined
      composed.index = call.index
      composed.traceAt = place(start.length)
      composed.start = `${start}content-length: ${composed.bodyBytes}\r\n\r\n${latin}`
    },
  }
}

function withFixedBody(
  method: string,
  head: Template,
  bytes: Buffer,
  place: (headLength: number) => number,
): Frame {
  const bodyBytes = bytes.length
  const end = bodyBytes > 0 || methodsWithBody.has(method) ? `content-length: ${bodyBytes}\r\n\r\n` : '\r\n'
  const rest = bodyBytes > mergeLimitBytes ? bytes : undefined
  const tail = end + (rest === undefined ? bytes.toString('latin1') : '')
  const fixed = head.parts.length === 0 ? Buffer.from(head.head + tail, 'latin1') : undefined
  return {
    method,
    compose(call, composed) {
      composed.start = fixed ?? render(head, call) + tail
      composed.index = call.index
      composed.traceAt = place(composed.start.length - tail.length)
      composed.rest = rest
      composed.bodyBytes = bodyBytes
    },
  }
}

/** Hands a request to a socket. */
export function sendOn(
  socket: LightSocket,
  { start, rest, index, traceAt }: Composed,
  trace?: RequestTrace,
): void {
  if (typeof start === 'string' || traceAt > 0) {
    const at = socket.reserve(start.length)
    if (typeof start === 'string') socket.out.write(start, at, start.length, 'latin1')
    else socket.out.set(start, at)
    if (traceAt > 0) trace!.write(index, socket.out, at + traceAt)
  } else socket.write(start)
  if (rest !== undefined) socket.write(rest)
}

/** Everything up to the length of the body. */
function headOf(request: HttpRequest, { host, keepAlive }: FrameOptions, isTraced: boolean): Template {
  const { method, path, headers } = request
  const builder = createTemplateBuilder()
  const add = ({ head, parts }: Template): void => {
    builder.literal(head)
    for (const { generate, tail } of parts) {
      builder.generated(generate)
      builder.literal(tail)
    }
  }
  builder.literal(`${method} `)
  add(path)
  builder.literal(' HTTP/1.1\r\n')
  if (!has(request, 'host')) builder.literal(`host: ${host}\r\n`)
  builder.literal(`connection: ${keepAlive ? 'keep-alive' : 'close'}\r\n`)
  for (const [name, value] of headers) {
    builder.literal(`${name}: `)
    add(value)
    builder.literal('\r\n')
  }
  if (isTraced) builder.literal(`traceparent: ${'0'.repeat(traceparentBytes)}\r\n`)
  return builder.build()
}

function has({ headers }: HttpRequest, header: string): boolean {
  return headers.some(([name]) => name.toLowerCase() === header)
}
