import type { Sockets } from '@cloudbench/core'
import { errorWithCode, LightSocket, type ConnectTls, type StartTls } from '@cloudbench/driver-kit'

/** What a server may begin with: authentication, error, notice, version negotiation. */
const firstBytes = new Set(Buffer.from('RENv'))

/** Negotiated here rather than by a library: pg has no option for the name to ask for, and postgres.js takes any answer for a yes. */
export const startTls: StartTls = {
  // length 8 and the code of an SSLRequest
  request: Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]),
  refusal(answer) {
    // anything that came with the S was sent in the clear, and must not be trusted
    if (answer.toString('latin1') === 'S') return undefined
    return answer.toString('latin1', 0, 1) === 'N' ? errorWithCode('NO_TLS', 'no TLS') : notPostgres()
  },
}

/** The socket of a connection. A buffer must not change before the server has answered it. */
export function createSocket(tls: ConnectTls | undefined, sockets: Sockets | undefined): LightSocket {
  return new LightSocket({
    tls,
    sockets,
    startTls,
    foreign,
    // the parser of pg throws when it cannot make sense of a message
    endsOnThrow: true,
  })
}

/** Why a server that begins like that is no PostgreSQL; undefined if it may be one. */
export function foreign(first: Buffer): Error | undefined {
  return firstBytes.has(first[0]!) ? undefined : notPostgres()
}

export function notPostgres(cause?: Error): Error {
  return errorWithCode('INVALID_RESPONSE', 'unexpected first bytes', cause)
}
