import { compileJson, compileTemplate, render, serverNameOf, type Template } from '@cloudbench/driver-kit'
import type { RequestParts, RequestWriter } from '@cloudbench/driver-kit/undici'
import type { HttpOptions } from './options.ts'
import type { HttpTarget } from './target.ts'

type Write = RequestWriter['write']

/**
 * Compiles the options of a workload, so that a request costs only what is generated for it.
 * @returns A writer for each request that can be in flight.
 */
export function compilePayload(options: HttpOptions, target: HttpTarget): () => RequestWriter {
  const path = compileTemplate(options.path === undefined ? target.path : target.basePath + options.path)
  const { headerNames, headers, body } = compileHeadersAndBody(options, target)
  const { method, keepAlive, pipelining, tls } = options
  const servername = target.isTls ? serverNameOf(target.hostname, tls) : undefined
  const create = (): RequestParts => ({
    method,
    path: path.head,
    headers: headerNames.flatMap((name, at) => [name, headers[at]!.head]),
    body: bytesOf(body.head),
    // otherwise undici holds back requests behind one that may be slow or must not be repeated
    blocking: false,
    idempotent: pipelining > 1 || method === 'GET' || method === 'HEAD',
    // otherwise undici closes the connection after HEAD, and after a body that is unusual for the method
    reset: !keepAlive,
    ...(servername !== undefined && { servername }),
  })
  const isGenerated =
    path.parts.length > 0 || body.parts.length > 0 || headers.some(({ parts }) => parts.length > 0)
  return () => {
    const parts = create()
    const write = isGenerated ? generatedWriter(parts, path, headers, body) : () => parts
    return { write: traced(write, parts) }
  }
}

interface HeadersAndBody {
  readonly headerNames: readonly string[]
  readonly headers: readonly Template[]
  readonly body: Template
}

function compileHeadersAndBody(options: HttpOptions, { authorization }: HttpTarget): HeadersAndBody {
  const headerNames = Object.keys(options.headers)
  const headers = headerNames.map((name) => compileTemplate(options.headers[name]!))
  const isJson = options.body !== undefined && typeof options.body !== 'string'
  const body = isJson
    ? compileJson(options.body)
    : compileTemplate((options.body as string | undefined) ?? '')
  addDefault(headerNames, headers, 'content-type', isJson ? 'application/json' : undefined)
  addDefault(headerNames, headers, 'authorization', authorization)
  return { headerNames, headers, body }
}

function addDefault(names: string[], values: Template[], name: string, value: string | undefined): void {
  if (value === undefined || names.some((known) => known.toLowerCase() === name)) return
  names.push(name)
  values.push({ head: value, parts: [] })
}

function generatedWriter(
  parts: RequestParts,
  path: Template,
  headers: readonly Template[],
  body: Template,
): Write {
  const changing = headers.flatMap((template, at) =>
    template.parts.length > 0 ? [{ template, position: at * 2 + 1 }] : [],
  )
  const hasPath = path.parts.length > 0
  const hasBody = body.parts.length > 0
  return (call) => {
    if (hasPath) parts.path = render(path, call)
    for (const { template, position } of changing) parts.headers[position] = render(template, call)
    if (hasBody) parts.body = bytesOf(render(body, call))
    return parts
  }
}

/** Passes the trace context on while tracing is on. */
function traced(write: Write, { headers }: RequestParts): Write {
  const length = headers.length
  return (call) => {
    const parts = write(call)
    if (call.traceparent !== undefined) {
      headers[length] = 'traceparent'
      headers[length + 1] = call.traceparent
    } else if (headers.length > length) headers.length = length
    return parts
  }
}

function bytesOf(text: string): Buffer | null {
  return text === '' ? null : Buffer.from(text)
}
