import { lostConnection } from '@cloudbench/driver-kit'

/** What ends a connection, no matter which part of it notices first. */
export interface Loss {
  /** Undefined until the connection is lost. */
  readonly error: Error | undefined
  /** Called once. */
  onLost: (error: Error) => void
  report(cause: Error): void
}

export function createLoss(): Loss {
  let error: Error | undefined
  const loss: Loss = {
    get error() {
      return error
    },
    onLost: () => {},
    report(cause) {
      if (error) return
      error = lostConnection(cause)
      loss.onLost(error)
    },
  }
  return loss
}
