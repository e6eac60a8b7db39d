/** Names for what undici calls by the names of its own parts. Everything else keeps its code. */
const names: Readonly<Record<string, string>> = {
  UND_ERR_ABORTED: 'CONNECTION_CLOSED',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_DESTROYED: 'CONNECTION_CLOSED',
  UND_ERR_HEADERS_OVERFLOW: 'INVALID_RESPONSE',
  UND_ERR_HEADERS_TIMEOUT: 'DEADLINE_EXCEEDED',
  UND_ERR_BODY_TIMEOUT: 'DEADLINE_EXCEEDED',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'TRUNCATED_RESPONSE',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'RESOURCE_EXHAUSTED',
  UND_ERR_SOCKET: 'CONNECTION_CLOSED',
}

/** An error whose `code` says what happened on the wire; requests that fail are counted under it. */
export function toFailure(error: unknown): Error {
  const cause = error instanceof Error ? error : new Error(String(error))
  const { code } = cause as NodeJS.ErrnoException
  // the parser's errors have a code of their own, or none
  const name = cause.name === 'HTTPParserError' ? 'INVALID_RESPONSE' : names[code ?? '']
  return name === undefined ? cause : Object.assign(new Error(cause.message, { cause }), { code: name })
}
