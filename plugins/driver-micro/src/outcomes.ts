import type { DriverContext, Outcome } from '@cloudbench/core'

/** How a batch can end. */
export interface Outcomes {
  readonly completed: Outcome
  /** A call threw or rejected. Named by the error's code if it has one, else by its kind: messages may differ every time. */
  threw(error: Error): Outcome
}

/** @param operation The name of the function. */
export function createOutcomes(operation: string, outcome: DriverContext['outcome']): Outcomes {
  return {
    completed: outcome('completed', { operation }),
    threw: (error) => outcome(nameOf(error), { operation, ok: false }),
  }
}

function nameOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && code !== '' ? code : error.name
}
