import { CloudbenchError, messageOf } from '@cloudbench/core'

/** Says that a function failed when it was tried, and why. */
export function connectError(error: unknown, functionName: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${functionName} failed when it was tried before the load: ${messageOf(error)}`,
    expected: 'a function that can be called without arguments',
    next: 'call it once by hand to see the whole error',
    cause: error,
  })
}
