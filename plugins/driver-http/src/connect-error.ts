import { CloudbenchError, messageOf } from '@cloudbench/core'
import { networkRefusal } from '@cloudbench/driver-kit'
import type { HttpTarget } from './target.ts'

/** Says why a target cannot be reached, and what to do about it. */
export function connectError(error: unknown, { hostname, port, isTls, origin }: HttpTarget): CloudbenchError {
  const where = hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`
  const server = `an ${isTls ? 'HTTPS' : 'HTTP'} server on ${where}`
  // undici has a code of its own for what the others call ETIMEDOUT
  const isTimeout = (error as NodeJS.ErrnoException).code === 'UND_ERR_CONNECT_TIMEOUT'
  const cause = isTimeout ? Object.assign(new Error(messageOf(error)), { code: 'ETIMEDOUT' }) : error
  return (
    networkRefusal(cause, { where, hostname, server, plainScheme: 'http://' }) ??
    new CloudbenchError({
      code: 'CB_CONNECT',
      what: `no connection to ${where}: ${messageOf(error)}`,
      expected: server,
      next: `check the target's url: ${origin}`,
      cause: error,
    })
  )
}
