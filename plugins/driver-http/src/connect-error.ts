import { CloudbenchError, messageOf } from '@cloudbench/core'
import { networkRefusal } from '@cloudbench/driver-kit'
import type { HttpTarget } from './target.ts'

/** Explains why a target cannot be reached, and what to do about it. */
export function connectError(error: unknown, { hostname, port, isTls, origin }: HttpTarget): CloudbenchError {
  const where = hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`
  const server = `an ${isTls ? 'HTTPS' : 'HTTP'} server on ${where}`
  return (
    networkRefusal(error, { where, hostname, server, plainScheme: 'http://' }) ??
    new CloudbenchError({
      code: 'CB_CONNECT',
      what: `no connection to ${where}: ${messageOf(error)}`,
      expected: server,
      next: `check the target's url: ${origin}`,
      cause: error,
    })
  )
}
