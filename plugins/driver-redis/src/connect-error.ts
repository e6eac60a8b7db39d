import { CloudbenchError, messageOf } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import { explainReply, replyIn } from './error-replies.ts'
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

/**
 * Says why the server refused a command that prepares, observes or audits, or why it could not be asked. Other errors are
 * returned as they are.
 * @param lost Why the connection broke, if it has.
 */
export function taskError(error: unknown, target: RedisTarget, lost?: Error): unknown {
  const message = replyIn(error)
  if (message === undefined) return isLoss(error) ? lostError(lost ?? error, target) : error
  const [what, expected, next] = explainReply(target, message) ?? [
    `${target.shown} refused a command: ${message}`,
    'a server on which the load can be prepared and audited',
    'look into the log of the server, or for this error in its documentation',
  ]
  return new CloudbenchError({ code: 'CB_TARGET', what, expected, next, cause: error })
}

function isLoss(error: unknown): boolean {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  return (
    syscall !== undefined ||
    code === 'CONNECTION_CLOSED' ||
    /^Connection is closed|^Command aborted/.test(messageOf(error))
  )
}

function lostError(error: unknown, { shown }: RedisTarget): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `the connection to ${shown} was lost: ${messageOf(error)}`,
    expected: 'a server that keeps running, and lets the connection be',
    next: 'look into the log of the server, and run again',
    cause: error,
  })
}
