import type { Batch } from '../wire/batch.ts'
import { fault } from '../connect-error.ts'

/** The one fault that ends a connection, whatever part of it is first to notice. */
export interface Failure {
  readonly error: Error | undefined
  /** Told once. @param batch One whose requests have to fail too, and that nobody else holds. */
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
      // requests that fail are counted under the code
      first = typeof code === 'string' ? error : fault('CONNECTION_CLOSED', error.message)
      failure.onRaise(first, batch)
    },
  }
  return failure
}
