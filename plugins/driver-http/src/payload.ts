import { compileJson, compileTemplate, type Template } from '@cloudbench/driver-kit'
import type { RequestWriter } from '@cloudbench/driver-kit/http'
import type { Proxy } from './client/proxy.ts'
import type { HttpOptions } from './options.ts'
import type { HttpTarget } from './target.ts'

/** What a request depends on beside its options. */
export interface Circumstances {
  /** The body, when it is a file. */
  readonly file?: Buffer | undefined
  readonly proxy?: Proxy | undefined
}

/** Compiles the options of a workload to the one request that it sends, whose parts are generated anew each time. */
export function compilePayload(
  options: HttpOptions,
  target: HttpTarget,
  { file, proxy }: Circumstances = {},
): RequestWriter {
  const isForwarded = proxy !== undefined && !target.isTls
  const written = options.path === undefined ? target.path : joined(target, options.path)
  const request = {
    method: options.method,
    // a proxy that makes no tunnel reads where requests go (RFC 9112, 3.2.2)
    path: compileTemplate(isForwarded ? target.origin + written : written),
    headers: headersOf(options, target, isForwarded ? proxy.authorization : undefined),
    body: file ?? bodyOf(options),
  }
  return { requests: [request], next: () => 0 }
}

/** The query of the target comes before that of the path. */
function joined({ basePath, query }: HttpTarget, path: string): string {
  if (query.length < 2) return basePath + path
  const at = path.indexOf('?')
  return at < 0 ? basePath + path + query : `${basePath}${path.slice(0, at)}${query}&${path.slice(at + 1)}`
}

function bodyOf({ body }: HttpOptions): Template | undefined {
  if (body === undefined) return undefined
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
