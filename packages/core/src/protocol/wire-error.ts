import { CloudbenchError, messageOf } from '../errors.ts'
import type { WireError } from './protocol.ts'

/** An error as sent to another process; the stack stays in the log of the process that threw. */
export function toWire(error: unknown): WireError {
  if (!isCloudbenchError(error)) return { code: 'CB_HOOK', what: messageOf(error) }
  const { code, message, expected, next } = error
  return { code, what: message, ...(expected && { expected }), ...(next && { next }) }
}

export function fromWire(error: WireError): CloudbenchError {
  return new CloudbenchError(error)
}

/** By name: a plugin may have its own copy of this package. */
function isCloudbenchError(error: unknown): error is CloudbenchError {
  return error instanceof Error && error.name === 'CloudbenchError'
}
