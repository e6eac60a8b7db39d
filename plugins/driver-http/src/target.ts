import { CloudbenchError } from '@cloudbench/core'

/** A target's url, parsed. */
export interface HttpTarget {
  /** Such as `http://127.0.0.1:8080`, without path and credentials. */
  readonly origin: string
  readonly isTls: boolean
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string
  readonly port: number
  /** Path and query as written in the url, for requests without a path of their own. */
  readonly path: string
  /** The path that prefixes the path of other requests; empty for the root. */
  readonly basePath: string
  /** The query as written in the url, which comes before that of every path: `?key=abc`, or empty. */
  readonly query: string
  /** The value of an `authorization` header, from credentials in the url. */
  readonly authorization: string | undefined
}

/** Parses the url of a target. */
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
    query: url.search,
    authorization:
      username === '' && password === ''
        ? undefined
        : `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`,
  }
}

/** A `%` that begins no code is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll(/%(?![0-9A-Fa-f]{2})/g, '%25'))
  } catch {
    // codes of bytes that are no text
    return text
  }
}

function notHttp(): CloudbenchError {
  // the url may hold credentials, so it is not shown
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: 'the target of the http driver is not an http url',
    expected: 'a url such as http://127.0.0.1:8080 or https://api.example.com/base',
    next: '--set targets.<name>.url=http://127.0.0.1:8080',
  })
}
