import type { CloudbenchError } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import type { RedisTarget } from './target.ts'

/** Says why a target cannot be used and what to do about it. */
export function connectError(error: unknown, { shown, isTls, db }: RedisTarget): CloudbenchError {
  const hostname = shown.replace(/:\d+$/, '')
  const server = `a Redis server${isTls ? ' with TLS' : ''} on ${shown}`
  return connectRefusal(error, { where: shown, hostname, server, plainScheme: 'redis://' }, (message) => {
    if (/^(NOAUTH|WRONGPASS|NOPERM)\b|^ERR (AUTH|invalid password|Client sent AUTH)/i.test(message))
      return [
        `${shown} rejected the credentials: ${message}`,
        "a user and password in the target's url, such as redis://user:password@host:port",
        'keep the password out of files: redis://:${env:REDIS_PASSWORD}@…',
      ]
    if (/DB index|invalid DB/i.test(message))
      return [
        `${shown} has no database ${db}: ${message}`,
        'a database that exists, usually 0 to 15',
        "correct the path of the target's url",
      ]
    if (/^LOADING\b/.test(message))
      return [
        `${shown} is loading its data: ${message}`,
        'a server that is ready',
        'wait until it has finished loading',
      ]
    if (/Protocol error|parse|Unexpected|Unknown RESP/i.test(message))
      return [`${shown} is not speaking the Redis protocol: ${message}`, server, "correct the target's url"]
    return undefined
  })
}
