import { compileJson, compileTemplate, render, serverNameOf, type Template } from '@cloudbench/driver-kit'
import { createRequest, type Proxy, type RequestWriter } from '@cloudbench/driver-kit/undici'
import type { HttpOptions } from './options.ts'
import type { HttpTarget } from './target.ts'

/** What a request depends on beside its options. */
export interface Circumstances {
  /** The body, when it is a file. */
  readonly file?: Buffer | undefined
  readonly proxy?: Proxy | undefined
}

/**
 * Compiles the options of a workload, so that a request costs only what is generated for it.
 * @returns A writer for each request that can be in flight.
 */
export function compilePayload(
  options: HttpOptions,
  target: HttpTarget,
  { file, proxy }: Circumstances = {},
): () => RequestWriter {
  const isForwarded = proxy !== undefined && !target.isTls
  const written = options.path === undefined ? target.path : joined(target, options.path)
  // a proxy that makes no tunnel reads where requests go (RFC 9112, 3.2.2)
  const path = compileTemplate(isForwarded ? target.origin + written : written)
  const body = bodyOf(options)
  const headers = headersOf(options, target, isForwarded ? proxy.authorization : undefined)
  const { method, keepAlive, pipelining: streams, tls } = options
  const servername = target.isTls ? serverNameOf(target.hostname, tls) : undefined
  const hasPath = path.parts.length > 0
  const hasBody = body.parts.length > 0
  return () => {
    const { parts, writeHeaders } = createRequest({ method, headers, streams, keepAlive, servername })
    parts.path = path.head
    parts.body = file ?? bytesOf(body.head)
    return {
      write(call) {
        if (hasPath) parts.path = render(path, call)
        writeHeaders(call)
        if (hasBody) parts.body = bytesOf(render(body, call))
        return parts
      },
    }
  }
}

/** The query of the target comes before that of the path. */
function joined({ basePath, query }: HttpTarget, path: string): string {
  if (query.length < 2) return basePath + path
  const at = path.indexOf('?')
  return at < 0 ? basePath + path + query : `${basePath}${path.slice(0, at)}${query}&${path.slice(at + 1)}`
}

function bodyOf({ body = '' }: HttpOptions): Template {
  return typeof body === 'string' ? compileTemplate(body) : compileJson(body)
}

function headersOf(
  { headers, body = '' }: HttpOptions,
  { authorization }: HttpTarget,
  proxyAuthorization: string | undefined,
): [string, Template][] {
  const written = Object.entries(headers).map(([name, text]): [string, Template] => [
    name,
    compileTemplate(text),
  ])
  const defaults = {
    'content-type': typeof body === 'string' ? undefined : 'application/json',
    authorization,
    'proxy-authorization': proxyAuthorization,
  }
  for (const [name, value] of Object.entries(defaults))
    if (value !== undefined && !written.some(([known]) => known.toLowerCase() === name))
      written.push([name, { head: value, parts: [] }])
  return written
}

function bytesOf(text: string): Buffer | null {
  return text === '' ? null : Buffer.from(text)
}
