import { CloudbenchError, messageOf } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import { explainReply } from './error-replies.ts'
import type { RedisTarget } from './target.ts'

/** Says why a target cannot be used and what to do about it. */
export function connectError(error: unknown, target: RedisTarget): CloudbenchError {
  const { shown, isTls } = target
  const hostname = shown.replace(/:\d+$/, '')
  const server = `a Redis server${isTls ? ' with TLS' : ''} on ${shown}`
  return connectRefusal(error, { where: shown, hostname, server, plainScheme: 'redis://' }, (message) => {
    const explanation = explainReply(target, message)
    if (explanation !== undefined) return explanation
    if (/Protocol error|parse|Unexpected|Unknown RESP/i.test(message))
      return [`${shown} is not speaking the Redis protocol: ${message}`, server, "correct the target's url"]
    return undefined
  })
}

/** Says why the server refused a command that prepares, observes or audits. Other errors are returned as they are. */
export function taskError(error: unknown, target: RedisTarget): unknown {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return error
  const message = messageOf(error)
  const [what, expected, next] = explainReply(target, message) ?? [
    `${target.shown} refused a command: ${message}`,
    'a server on which the load can be prepared and audited',
    'look into the log of the server, or for this error in its documentation',
  ]
  return new CloudbenchError({ code: 'CB_TARGET', what, expected, next, cause: error })
}
