import type { Batch } from '../wire/batch.ts'
import { fault } from '../connect-error.ts'

/** The one fault that ends a connection, no matter which part of it notices first. */
export interface Failure {
  readonly error: Error | undefined
  /** Called once. @param batch One that is held nowhere else, and whose requests have to fail too. */
  onRaise: (error: Error, batch?: Batch) => void
  raise(error: Error, batch?: Batch): void
}

export function createFailure(): Failure {
  let first: Error | undefined
  const failure: Failure = {
    get error() {
      return first
    },
    onRaise: () => {},
    raise(error, batch) {
      if (first) return
      const { code } = error as NodeJS.ErrnoException
      // failed requests are counted under the code
      first = typeof code === 'string' ? error : fault('CONNECTION_CLOSED', error.message)
      failure.onRaise(first, batch)
    },
  }
  return failure
}
