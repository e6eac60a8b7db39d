import { isIP } from 'node:net'
import { CloudbenchError } from '@cloudbench/core'
import type { HttpOptions } from './options.ts'

/** A target's url, taken apart. */
export interface HttpTarget {
  /** Such as `http://127.0.0.1:8080`, without path and credentials. */
  readonly origin: string
  readonly isTls: boolean
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string
  readonly port: number
  /** Path and query as they stand in the url, for requests that have none of their own. */
  readonly path: string
  /** The path that other requests begin with; empty when it is the root. */
  readonly basePath: string
  /** The value of an `authorization` header, from credentials in the url. */
  readonly authorization: string | undefined
}

/** Reads the url of a target. */
export function parseTarget(target: string): HttpTarget {
  let url: URL
  try {
    url = new URL(target)
  } catch {
    throw notHttp()
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw notHttp()
  const isTls = url.protocol === 'https:'
  const { username, password } = url
  return {
    origin: url.origin,
    isTls,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (isTls ? 443 : 80),
    path: url.pathname + url.search,
    basePath: url.pathname.replace(/\/$/, ''),
    authorization:
      username === '' && password === ''
        ? undefined
        : `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`,
  }
}

/** The name that TLS asks for; undefined for an address, which has none. */
export function serverNameOf({ hostname }: HttpTarget, tls: HttpOptions['tls']): string | undefined {
  if (tls?.servername !== undefined) return tls.servername
  return isIP(hostname) === 0 ? hostname : undefined
}

function notHttp(): CloudbenchError {
  // the url may have credentials in it, so it is not repeated
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: 'the target of the http driver is not an http url',
    expected: 'a url such as http://127.0.0.1:8080 or https://api.example.com/base',
    next: '--set targets.<name>.url=http://127.0.0.1:8080',
  })
}
