import { CloudbenchError } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import type { GrpcTarget } from './target.ts'
import { status, statusNames } from './wire/status.ts'

/** Explains why a target cannot be reached, and what to do about it. */
export function connectError(error: unknown, { hostname, authority, isTls }: GrpcTarget): CloudbenchError {
  const server = `a gRPC server${isTls ? ' with TLS' : ''} on ${authority}`
  const network = { where: authority, hostname, server, plainScheme: 'grpc://' }
  return connectRefusal(error, network, () => undefined)
}

/** For a server that accepts connections but does not speak HTTP/2. */
export function notHttp2({ authority, isTls }: GrpcTarget): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${authority} accepts connections but does not speak HTTP/2 ${isTls ? 'over TLS' : 'in the clear'}`,
    expected: `a gRPC server${isTls ? ' with TLS' : ''} on ${authority}`,
    next: isTls
      ? "check the port; without TLS, use grpc:// in the target's url"
      : "check the port; with TLS, use grpcs:// in the target's url",
  })
}

/** For a server that accepts connections and never answers. */
export function silent({ authority }: GrpcTarget): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${authority} accepts connections but never answers`,
    expected: `a gRPC server on ${authority}`,
    next: 'check whether it is overloaded, or raise connectTimeoutMs',
  })
}

/** Explains the answer to a health check; undefined when the server takes calls. */
export function healthRefusal(
  { code, details }: { readonly code: number; readonly details: string },
  target: GrpcTarget,
): CloudbenchError | undefined {
  const { authority } = target
  const refusal = (what: string, expected: string, next: string): CloudbenchError =>
    new CloudbenchError({ code: 'CB_CONNECT', what, expected, next })
  const said = details === '' ? '' : `: ${details}`
  const name = statusNames[code] ?? String(code)
  if (code === status.unauthenticated || code === status.permissionDenied)
    return refusal(
      `${authority} rejected the credentials (${name}${said})`,
      'credentials it accepts, as metadata or as a client certificate',
      "set metadata: { authorization: 'Bearer ${env:TOKEN}' } with a valid token",
    )
  if (code === status.deadlineExceeded) return silent(target)
  if (code === status.unavailable)
    return refusal(
      `${authority} is not available (${name}${said})`,
      'a server that takes calls',
      'check what is behind it, and try again',
    )
  if (/HTTP status code/.test(details))
    return refusal(
      `${authority} speaks HTTP/2 but not gRPC${said}`,
      `a gRPC server on ${authority}`,
      "check the host and port of the target's url",
    )
  return undefined
}
