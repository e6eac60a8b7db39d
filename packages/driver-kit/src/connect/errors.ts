/** An error with the code that failed requests are counted under. */
export function errorWithCode(code: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, cause === undefined ? undefined : { cause }), { code })
}

/** The error of a connection that ended without a better reason. */
export function connectionClosed(message = 'the connection was closed', cause?: unknown): Error {
  return errorWithCode('CONNECTION_CLOSED', message, cause)
}

/** Names what a protocol, or its client library, says in its own words; `undefined` for everything else. */
export type NameOf = (error: NodeJS.ErrnoException) => string | undefined

/**
 * Whatever ended a connection, as an error whose `code` is the name of the outcome: that of the protocol, else the
 * system's own (`ECONNRESET`, `ETIMEDOUT`), else `CONNECTION_CLOSED`.
 */
export function lostConnection(cause: unknown, nameOf: NameOf = () => undefined): Error {
  if (!(cause instanceof Error)) return connectionClosed(undefined, cause)
  const name = nameOf(cause)
  if (name !== undefined) return errorWithCode(name, cause.message, cause)
  const { code } = cause as NodeJS.ErrnoException
  return typeof code === 'string' ? cause : connectionClosed(cause.message, cause)
}
