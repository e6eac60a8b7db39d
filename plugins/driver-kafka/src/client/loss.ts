import { lostConnection } from '@cloudbench/driver-kit'
import type { Batch } from '../wire/batch.ts'

/** What ends a connection, no matter which part of it notices first. */
export interface Loss {
  /** Undefined until the connection is lost. */
  readonly error: Error | undefined
  /** Called once. @param batch One that is held nowhere else, and whose requests have to fail too. */
  onLost: (error: Error, batch?: Batch) => void
  report(cause: Error, batch?: Batch): void
}

export function createLoss(): Loss {
  let error: Error | undefined
  const loss: Loss = {
    get error() {
      return error
    },
    onLost: () => {},
    report(cause, batch) {
      if (error) return
      error = lostConnection(cause)
      loss.onLost(error, batch)
    },
  }
  return loss
}
