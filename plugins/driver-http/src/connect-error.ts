import type { CloudbenchError } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import type { HttpTarget } from './target.ts'

/** Explains why a target cannot be reached, and what to do about it. */
export function connectError(
  error: unknown,
  { hostname, port, isTls, origin, socketPath }: HttpTarget,
): CloudbenchError {
  const where = socketPath ?? (hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`)
  const server = `an ${isTls ? 'HTTPS' : 'HTTP'} server on ${where}`
  return connectRefusal(error, { where, hostname, server, plainScheme: 'http://' }, (message) => [
    `no connection to ${where}: ${message}`,
    server,
    `check the target's url: ${socketPath ?? origin}`,
  ])
}
