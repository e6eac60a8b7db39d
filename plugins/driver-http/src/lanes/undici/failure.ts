import { errorWithCode, lostConnection } from '@cloudbench/driver-kit'

/** Names for what undici calls by the names of its own parts. Everything else keeps its code. */
const names: Readonly<Record<string, string>> = {
  UND_ERR_ABORTED: 'CONNECTION_CLOSED',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_DESTROYED: 'CONNECTION_CLOSED',
  UND_ERR_SOCKET: 'CONNECTION_CLOSED',
}

/** A folded header, which HTTP lets a server send, and undici's parser does not take. */
const refusal = /Unexpected whitespace after header value/

const lossCodes: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** Whether the other side ended the connection, and undici did not. */
export function isLoss(error: unknown): boolean {
  return lossCodes.has((error as NodeJS.ErrnoException).code) && !isBad(error as Error)
}

/**
 * Whatever undici says about a connection, under the name of the outcome.
 * @param isInBody Whether the head of an answer had come.
 */
export function undiciFailure(error: unknown, isInBody = false): Error {
  if (isRefusedContinue(error))
    return errorWithCode('REFUSED_BY_CLIENT', 'an interim answer 100 came, which undici does not take', error)
  return lostConnection(error, (cause) => {
    const { name, code = '', message } = cause
    if (message === 'bad upgrade') return 'INVALID_RESPONSE'
    if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'REFUSED_BY_CLIENT'
    const isShort = code === 'UND_ERR_SOCKET' || message.includes('Invalid EOF state')
    if (isInBody && isShort) return 'TRUNCATED_RESPONSE'
    if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
      return isInBody ? 'TRUNCATED_RESPONSE' : 'INVALID_RESPONSE'
    // the parser's errors have a code of their own, or none
    if (name === 'HTTPParserError') return refusal.test(message) ? 'REFUSED_BY_CLIENT' : 'INVALID_RESPONSE'
    return names[code]
  })
}

function isBad(error: Error): boolean {
  return error.message === 'bad upgrade' || isRefusedContinue(error)
}

/** undici ends the connection, and has a request for it only then. */
function isRefusedContinue(error: unknown): boolean {
  return (error as Error).message === 'bad response'
}
