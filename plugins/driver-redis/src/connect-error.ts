import { CloudbenchError, messageOf } from '@cloudbench/core'
import type { RedisTarget } from './target.ts'

/** Says why a target cannot be used, and what to do about it. */
export function connectError(error: unknown, { shown, isTls, db }: RedisTarget): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const message = messageOf(error)
  const refusal = (what: string, expected: string, next: string): CloudbenchError =>
    new CloudbenchError({ code: 'CB_CONNECT', what, expected, next, cause: error })
  const server = `a Redis server${isTls ? ' with TLS' : ''} on ${shown}`
  if (code === 'ECONNREFUSED')
    return refusal(`nothing listens on ${shown}`, server, "start it, or correct the target's url")
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return refusal(
      `the name in ${shown} does not resolve (${code})`,
      'a name that DNS or /etc/hosts knows',
      "correct the target's url",
    )
  if (code === 'ETIMEDOUT')
    return refusal(
      `${shown} does not answer`,
      server,
      'check address and firewall, or raise connectTimeoutMs',
    )
  if (/^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|ERR_TLS_)/.test(code))
    return refusal(
      `the certificate of ${shown} is not trusted: ${message} (${code})`,
      'a certificate for that name, valid today, from an authority that this machine trusts',
      'set tls.ca to the authority that signed it, or tls.servername to the name in it',
    )
  if (code.startsWith('ERR_SSL_'))
    return refusal(
      `${shown} does not speak TLS`,
      server,
      "use redis:// in the target's url instead of rediss://",
    )
  if (/^(NOAUTH|WRONGPASS|NOPERM)\b|^ERR (AUTH|invalid password|Client sent AUTH)/i.test(message))
    return refusal(
      `${shown} refuses who we are: ${message}`,
      "user and password in the target's url, as redis://user:password@host:port",
      'keep the password out of files: redis://:${env:REDIS_PASSWORD}@…',
    )
  if (/DB index|invalid DB/i.test(message))
    return refusal(
      `${shown} has no database ${db}: ${message}`,
      'a database that it has, mostly 0 to 15',
      "correct the path of the target's url",
    )
  if (/^LOADING\b/.test(message))
    return refusal(
      `${shown} is loading its data: ${message}`,
      'a server that is ready',
      'wait until it has started',
    )
  if (/Protocol error|parse|Unexpected|Unknown RESP/i.test(message))
    return refusal(`${shown} does not answer as Redis does: ${message}`, server, "correct the target's url")
  return refusal(`no connection to ${shown}: ${message}`, server, "check the target's url")
}
