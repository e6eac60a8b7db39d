import { CloudbenchError, messageOf } from '@cloudbench/core'
import { networkRefusal } from '@cloudbench/driver-kit'
import type { RedisTarget } from './target.ts'

/** Says why a target cannot be used and what to do about it. */
export function connectError(error: unknown, { shown, isTls, db }: RedisTarget): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  const message = messageOf(error)
  const refusal = (what: string, expected: string, next: string): CloudbenchError =>
    new CloudbenchError({ code: 'CB_CONNECT', what, expected, next, cause: error })
  const server = `a Redis server${isTls ? ' with TLS' : ''} on ${shown}`
  const refused = networkRefusal(error, {
    where: shown,
    hostname: shown.replace(/:\d+$/, ''),
    server,
    plainScheme: 'redis://',
  })
  if (refused) return refused
  if (/^(NOAUTH|WRONGPASS|NOPERM)\b|^ERR (AUTH|invalid password|Client sent AUTH)/i.test(message))
    return refusal(
      `${shown} rejected the credentials: ${message}`,
      "a user and password in the target's url, such as redis://user:password@host:port",
      'keep the password out of files: redis://:${env:REDIS_PASSWORD}@…',
    )
  if (/DB index|invalid DB/i.test(message))
    return refusal(
      `${shown} has no database ${db}: ${message}`,
      'a database that exists, usually 0 to 15',
      "correct the path of the target's url",
    )
  if (/^LOADING\b/.test(message))
    return refusal(
      `${shown} is loading its data: ${message}`,
      'a server that is ready',
      'wait until it has finished loading',
    )
  if (/Protocol error|parse|Unexpected|Unknown RESP/i.test(message))
    return refusal(
      `${shown} is not speaking the Redis protocol: ${message}`,
      server,
      "correct the target's url",
    )
  return refusal(`no connection to ${shown}: ${message}`, server, "check the target's url")
}
