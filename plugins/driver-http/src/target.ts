import { CloudbenchError, messageOf } from '@cloudbench/core'
import { compileTemplate } from '@cloudbench/driver-kit'

/** A target's url, parsed. */
export interface HttpTarget {
  /** Such as `http://127.0.0.1:8080`, without path and credentials. */
  readonly origin: string
  readonly isTls: boolean
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string
  readonly port: number
  /** The Unix socket to connect to instead of host and port. */
  readonly socketPath: string | undefined
  /** Path and query as written in the url, for requests without a path of their own. */
  readonly path: string
  /** The path that prefixes the path of other requests; empty for the root. */
  readonly basePath: string
  /** The query as written in the url, which comes before that of every path: `?key=abc`, or empty. */
  readonly query: string
  /** The value of an `authorization` header, from credentials in the url. */
  readonly authorization: string | undefined
}

/**
 * Parses the url of a target, whose path and query can have generated parts.
 * @throws CloudbenchError for what could not be kept as written.
 */
export function parseTarget(target: string): HttpTarget {
  const { socketPath, text } = socketOf(target)
  const parts: string[] = []
  // a URL would encode the braces
  const marked = text.replaceAll(/\$?\$\{[^{}]*\}/g, (part) => `cloudbench-part-${parts.push(part) - 1}-`)
  const url = URL.canParse(marked) ? new URL(marked) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw notHttp()
  const { username, password, host, port } = url
  if ([username, password, host].some((part) => part.includes('cloudbench-part-')))
    throw notHttp('has generated parts outside its path and query')
  if (url.href.includes('#')) throw notHttp('has a fragment (#…), which is never sent')
  if (port === '0') throw notHttp('has port 0, on which nothing can listen')
  const isTls = url.protocol === 'https:'
  const written = (one: string): string =>
    one.replaceAll(/cloudbench-part-(\d+)-/g, (_, at) => parts[Number(at)]!)
  const path = written(url.pathname + url.search)
  try {
    compileTemplate(path)
  } catch (error) {
    throw notHttp(`cannot be used: ${messageOf(error)}`)
  }
  return {
    origin: url.origin,
    isTls,
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (isTls ? 443 : 80),
    socketPath,
    path,
    basePath: written(url.pathname.replace(/\/$/, '')),
    query: written(url.search),
    authorization:
      username === '' && password === ''
        ? undefined
        : `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`,
  }
}

/** `unix:/run/app.sock:/path` and `http+unix://%2Frun%2Fapp.sock/path`, with the url that is asked for there. */
function socketOf(target: string): { readonly socketPath: string | undefined; readonly text: string } {
  const [, plain, encoded, path = '/'] =
    /^(?:unix:(\/[^:]+):?|http\+unix:\/\/([^/?#]+))(\/.*)?$/.exec(target) ?? []
  const socketPath = plain ?? (encoded === undefined ? undefined : decoded(encoded))
  if (socketPath === undefined) return { socketPath, text: target }
  return { socketPath, text: `http://localhost${path}` }
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

function notHttp(fault?: string): CloudbenchError {
  // the url may hold credentials, so it is not shown
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: `the url of the http driver's target ${fault ?? 'is not an http url'}`,
    expected: 'a url such as http://127.0.0.1:8080 https://api.example.com/base or unix:/run/app.sock:/path',
    next: '--set targets.<name>.url=http://127.0.0.1:8080',
  })
}
