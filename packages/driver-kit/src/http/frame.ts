import type { Call } from '@cloudbench/core'
import type { LightSocket } from '../socket/light-socket.ts'
import { createTemplateBuilder, render, type Template } from '../templates/template.ts'
import { methodsWithBody, type HttpRequest } from './request.ts'

/** A larger body leaves on its own, without a copy. */
const mergeLimitBytes = 16_384

/** A request in the form in which it leaves; it may leave twice. */
export interface Composed {
  /** Its head, with its body where that is not large: bytes, or Latin-1 text. */
  start: Buffer | string
  rest: Buffer | undefined
  bodyBytes: number
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
}

/** Compiles a request: without generated parts, its bytes are made once. */
export function createFrame(request: HttpRequest, options: FrameOptions): Frame {
  const { method, body } = request
  const head = headOf(request, options)
  if (Buffer.isBuffer(body) || body === undefined || body.parts.length === 0) {
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body?.head ?? '')
    return withFixedBody(method, head, bytes)
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
      composed.start = `${start}content-length: ${composed.bodyBytes}\r\n\r\n${latin}`
    },
  }
}

function withFixedBody(method: string, head: Template, bytes: Buffer): Frame {
  const bodyBytes = bytes.length
  const end = bodyBytes > 0 || methodsWithBody.has(method) ? `content-length: ${bodyBytes}\r\n\r\n` : '\r\n'
  const rest = bodyBytes > mergeLimitBytes ? bytes : undefined
  const tail = end + (rest === undefined ? bytes.toString('latin1') : '')
  const fixed = head.parts.length === 0 ? Buffer.from(head.head + tail, 'latin1') : undefined
  return {
    method,
    compose(call, composed) {
      composed.start = fixed ?? render(head, call) + tail
      composed.rest = rest
      composed.bodyBytes = bodyBytes
    },
  }
}

/** Hands a request to a socket. */
export function sendOn(socket: LightSocket, { start, rest }: Composed): void {
  if (typeof start === 'string') {
    const at = socket.reserve(start.length)
    socket.out.write(start, at, start.length, 'latin1')
  } else socket.write(start)
  if (rest !== undefined) socket.write(rest)
}

/** Everything up to the length of the body. */
function headOf({ method, path, headers }: HttpRequest, { host, keepAlive }: FrameOptions): Template {
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
  if (!headers.some(([name]) => name.toLowerCase() === 'host')) builder.literal(`host: ${host}\r\n`)
  builder.literal(`connection: ${keepAlive ? 'keep-alive' : 'close'}\r\n`)
  for (const [name, value] of headers) {
    builder.literal(`${name}: `)
    add(value)
    builder.literal('\r\n')
  }
  return builder.build()
}
