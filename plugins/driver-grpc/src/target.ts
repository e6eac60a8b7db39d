import { CloudbenchError } from '@cloudbench/core'

/** A target's url, parsed. */
export interface GrpcTarget {
  readonly isTls: boolean
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string
  readonly port: number
  /** The Unix socket to connect to instead of host and port. */
  readonly socketPath: string | undefined
  /** Host and port, or the path of the socket, for error messages. */
  readonly shown: string
  /** What calls name as their host, unless the options do. */
  readonly authority: string
  /** The path that prefixes JSON requests; empty for the root. */
  readonly basePath: string
}

const protocols: Readonly<Record<string, { readonly isTls: boolean; readonly port: number }>> = {
  'grpc:': { isTls: false, port: 50_051 },
  'grpcs:': { isTls: true, port: 443 },
  'http:': { isTls: false, port: 80 },
  'https:': { isTls: true, port: 443 },
}

/**
 * Parses `grpc://host:port`, or `grpcs://` for TLS; `http://` and `https://` are synonyms. `unix:/run/app.sock` is a
 * Unix socket, as gRPC names it.
 * @throws CloudbenchError for anything else. The url may hold credentials, so it is not shown.
 */
export function parseTarget(url: string): GrpcTarget {
  const [, socketPath] = /^unix:(?:\/\/(?=\/))?(\/[^\0]+)$/.exec(url) ?? []
  if (socketPath !== undefined) return socketTarget(socketPath)
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const protocol = parsed && protocols[parsed.protocol]
  if (!parsed || !protocol || !parsed.hostname || parsed.search || parsed.hash || parsed.port === '0')
    throw refusal(
      "the target's url is not a gRPC url",
      'grpc://host:port, grpcs://host:port for TLS, or unix:/path/of/socket',
    )
  if (parsed.username !== '' || parsed.password !== '')
    throw refusal(
      "the target's url contains credentials, which gRPC has no place for",
      'credentials in the metadata of calls',
    )
  const port = Number(parsed.port) || protocol.port
  return {
    isTls: protocol.isTls,
    hostname: parsed.hostname.replaceAll(/^\[|\]$/g, ''),
    port,
    socketPath: undefined,
    shown: `${parsed.hostname}:${port}`,
    authority: `${parsed.hostname}:${port}`,
    basePath: parsed.pathname.replace(/\/$/, ''),
  }
}

/** As gRPC clients do, calls name the host `localhost`. */
function socketTarget(socketPath: string): GrpcTarget {
  return {
    isTls: false,
    hostname: 'localhost',
    port: 0,
    socketPath,
    shown: socketPath,
    authority: 'localhost',
    basePath: '',
  }
}

function refusal(what: string, expected: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what,
    expected,
    next: expected.startsWith('credentials')
      ? "remove them, and set metadata: { authorization: 'Bearer ${env:TOKEN}' }"
      : '--set targets.<name>.url=grpc://127.0.0.1:50051',
  })
}
