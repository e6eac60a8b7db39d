import { type Awaitable, messageOf } from '@cloudbench/core'

export interface FaultDetails {
  /** What the plugin does wrong, and where. */
  readonly what: string
  readonly expected: string
  /** What to change in the plugin, or in the call of the kit. */
  readonly next: string
}

/** Something a plugin does wrong. */
export interface Fault extends FaultDetails {
  /** The rule that it breaks, as its test is named. */
  readonly rule: string
}

/** A fault as it is thrown. */
export interface FaultError extends Error {
  readonly details: FaultDetails
}

/** An error whose message tells the whole story, because test runners show nothing else. */
export function fault(details: FaultDetails): FaultError {
  return Object.assign(new Error(explain(details)), { name: 'Fault', details })
}

export function isFault(error: unknown): error is FaultError {
  return error instanceof Error && error.name === 'Fault' && 'details' in error
}

/** Calls into the plugin. What it throws becomes a fault; faults stay as they are. */
export async function blame<T>(
  call: () => Awaitable<T>,
  detailsOf: (message: string) => FaultDetails,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw isFault(error) ? error : fault(detailsOf(messageOf(error)))
  }
}

/** What happened, what was expected and what to change, a line each. */
function explain({ what, expected, next }: FaultDetails): string {
  return `${what}\n  expected: ${expected}\n  next: ${next}`
}
