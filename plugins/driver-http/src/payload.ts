import type { Call } from '@cloudbench/core'
import type { Dispatcher } from 'undici'
import type { HttpOptions } from './options.ts'
import type { HttpTarget } from './target.ts'
import { compileJson, compileTemplate, render, type Template } from '@cloudbench/driver-kit'

/** What undici is told about a request. The parts that change are set again for each one. */
interface RequestParts extends Dispatcher.DispatchOptions {
  path: string
  body: Buffer | null
  headers: string[]
}

/** Fills in what is generated. One for each request that can be in flight, as it reuses what it returns. */
export type RequestWriter = (call: Call) => RequestParts

/** A request as the options describe it, compiled once per connection. */
export interface RequestPlan {
  createWriter(): RequestWriter
}

/** Compiles the options of a workload into something that costs nothing per request, or only what is generated. */
export function planRequest(
  options: HttpOptions,
  target: HttpTarget,
  servername: string | undefined,
): RequestPlan {
  const { method, keepAlive, pipelining } = options
  const path = compileTemplate(options.path === undefined ? target.path : target.basePath + options.path)
  const headerNames = Object.keys(options.headers)
  const headers = headerNames.map((name) => compileTemplate(options.headers[name]!))
  const isJson = options.body !== undefined && typeof options.body !== 'string'
  const body = isJson
    ? compileJson(options.body)
    : compileTemplate((options.body as string | undefined) ?? '')
  addDefault(headerNames, headers, 'content-type', isJson ? 'application/json' : undefined)
  addDefault(headerNames, headers, 'authorization', target.authorization)

  const create = (): RequestParts => ({
    method,
    path: path.head,
    headers: headerNames.flatMap((name, at) => [name, headers[at]!.head]),
    body: bytesOf(body.head),
    // undici holds back a request behind one that might take long, or that must not be repeated
    blocking: false,
    idempotent: pipelining > 1 || method === 'GET' || method === 'HEAD',
    // without it, undici closes the connection after HEAD, and after a body that is unusual for the method
    reset: !keepAlive,
    ...(servername !== undefined && { servername }),
  })
  const isGenerated =
    path.parts.length > 0 || body.parts.length > 0 || headers.some(({ parts }) => parts.length > 0)
  return {
    createWriter: () => {
      const parts = create()
      const write = isGenerated ? generatedWriter(parts, path, headers, body) : () => parts
      return traced(write, parts)
    },
  }
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
): RequestWriter {
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

/** Hands the trace context on, while tracing is on. */
function traced(write: RequestWriter, { headers }: RequestParts): RequestWriter {
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
