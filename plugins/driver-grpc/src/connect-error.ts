import { CloudbenchError, messageOf } from '@cloudbench/core'
import { status, statusNames } from './status.ts'
import type { GrpcTarget } from './target.ts'

const untrusted = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Says why a target cannot be reached, and what to do about it. */
export function connectError(error: unknown, { hostname, authority, isTls }: GrpcTarget): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const where = authority
  const refusal = (what: string, expected: string, next: string): CloudbenchError =>
    new CloudbenchError({ code: 'CB_CONNECT', what, expected, next, cause: error })
  const server = `a gRPC server${isTls ? ' with TLS' : ''} on ${where}`
  if (code === 'ECONNREFUSED')
    return refusal(`nothing listens on ${where}`, server, "start it, or correct the target's url")
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return refusal(
      `the name ${hostname} does not resolve (${code})`,
      'a name that DNS or /etc/hosts knows',
      "correct the target's url",
    )
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return refusal(
      `${where} does not answer: ${messageOf(error)}`,
      server,
      'check address and firewall, or raise connectTimeoutMs',
    )
  if (untrusted.has(code))
    return refusal(
      `the certificate of ${where} is not trusted: ${messageOf(error)} (${code})`,
      'a certificate signed by an authority that this machine trusts',
      'set tls.ca to the certificate of the authority that signed it',
    )
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return refusal(
      `the certificate of ${where} is for another name: ${messageOf(error)}`,
      `a certificate for ${hostname}`,
      'set tls.servername to the name in the certificate',
    )
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID')
    return refusal(
      `the certificate of ${where} is not valid now (${code})`,
      'a certificate that is valid today',
      'renew it, or correct the clock of this machine',
    )
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return refusal(
      `${where} does not speak TLS`,
      server,
      "use grpc:// in the target's url instead of grpcs://",
    )
  return refusal(`no connection to ${where}: ${messageOf(error)}`, server, "check the target's url")
}

/** What to say of a server that lets a connection be opened, and does not speak HTTP/2 on it. */
export function notHttp2({ authority, isTls }: GrpcTarget): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${authority} accepts connections, and does not speak HTTP/2 ${isTls ? 'over TLS' : 'in the clear'}`,
    expected: `a gRPC server${isTls ? ' with TLS' : ''} on ${authority}`,
    next: isTls
      ? "check the port; without TLS, use grpc:// in the target's url"
      : "check the port; with TLS, use grpcs:// in the target's url",
  })
}

/** What to say of a server that lets a connection be opened, and then says nothing. */
export function silent({ authority }: GrpcTarget): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${authority} accepts connections and does not answer`,
    expected: `a gRPC server on ${authority}`,
    next: 'see whether it is overloaded, or raise connectTimeoutMs',
  })
}

/** What to say of a server that was asked how it is and gave that answer; undefined when calls may be sent to it. */
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
      `${authority} refuses who we are (${name}${said})`,
      'credentials that it accepts, as metadata or as a client certificate',
      "set metadata: { authorization: 'Bearer ${env:TOKEN}' } with a token that is valid",
    )
  if (code === status.deadlineExceeded) return silent(target)
  if (code === status.unavailable)
    return refusal(
      `${authority} is not available (${name}${said})`,
      'a server that takes calls',
      'see what is behind it, and try again',
    )
  if (/HTTP status code/.test(details))
    return refusal(
      `${authority} speaks HTTP/2, and not gRPC${said}`,
      `a gRPC server on ${authority}`,
      "check host and port of the target's url",
    )
  return undefined
}
