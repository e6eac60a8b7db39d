import { CloudbenchError, messageOf } from '@cloudbench/core'
import type { HttpTarget } from './target.ts'

const untrusted = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Says why a target cannot be reached, and what to do about it. */
export function connectError(error: unknown, { hostname, port, isTls, origin }: HttpTarget): CloudbenchError {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const where = hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`
  const refusal = (what: string, expected: string, next: string): CloudbenchError =>
    new CloudbenchError({ code: 'CB_CONNECT', what, expected, next, cause: error })
  const server = `an ${isTls ? 'HTTPS' : 'HTTP'} server on ${where}`
  if (code === 'ECONNREFUSED')
    return refusal(`nothing listens on ${where}`, server, `start it, or correct the target's url: ${origin}`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return refusal(
      `the name ${hostname} does not resolve (${code})`,
      'a name that DNS or /etc/hosts knows',
      `correct the target's url: ${origin}`,
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
      `use http:// in the target's url instead of ${origin}`,
    )
  return refusal(
    `no connection to ${where}: ${messageOf(error)}`,
    server,
    `check the target's url: ${origin}`,
  )
}
