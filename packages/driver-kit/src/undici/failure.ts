import { lostConnection } from '../connect/errors.ts'

/** Names for what undici calls by the names of its own parts. Everything else keeps its code. */
const names: Readonly<Record<string, string>> = {
  UND_ERR_ABORTED: 'CONNECTION_CLOSED',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_DESTROYED: 'CONNECTION_CLOSED',
  UND_ERR_HEADERS_OVERFLOW: 'INVALID_RESPONSE',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'TRUNCATED_RESPONSE',
  UND_ERR_SOCKET: 'CONNECTION_CLOSED',
}

/** Whatever undici says about a connection, under the name of the outcome. */
export function undiciFailure(error: unknown, extra: Readonly<Record<string, string>> = {}): Error {
  return lostConnection(error, ({ name, code = '' }) =>
    // the parser's errors have a code of their own, or none
    name === 'HTTPParserError' ? 'INVALID_RESPONSE' : (extra[code] ?? names[code]),
  )
}
