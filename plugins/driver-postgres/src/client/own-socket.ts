import type { Sockets } from '@cloudbench/core'
import { errorWithCode } from '@cloudbench/driver-kit'
import type { Connection } from 'pg'
import { foreign, notPostgres } from '../wire/socket.ts'

type Listener = (chunk: Buffer) => void

/**
 * Counts the socket that pg has made for itself, and ends it when the parser throws at what it reads: without that, the
 * error would end the process.
 */
export function watchOwnSocket(connection: Connection, sockets: Sockets | undefined): void {
  const { stream } = connection
  stream.once('connect', () => {
    sockets?.opened()
    stream.once('close', () => sockets?.closed())
  })
  // with TLS, the first answer is a letter, which pg reads otherwise
  if (connection.ssl === false) guardReading(connection)
  else connection.once('sslconnect', () => guardReading(connection))
}

/** Once per stream that pg reads messages from. */
function guardReading({ stream }: Connection): void {
  let isFirst = true
  for (const listener of stream.listeners('data') as Listener[]) {
    stream.off('data', listener)
    stream.on('data', (chunk: Buffer) => {
      try {
        const fault = isFirst ? foreign(chunk) : undefined
        if (fault !== undefined) throw fault
        isFirst = false
        listener.call(stream, chunk)
      } catch (error) {
        stream.destroy(error as Error)
      }
    })
  }
}

/** What pg says in words about TLS, with the codes that those errors have otherwise. */
export function withCode(error: Error): Error {
  // it writes before the handshake is over, and so the writing fails
  if (/^write EPROTO .*wrong version number/.test(error.message))
    return errorWithCode('ERR_SSL_WRONG_VERSION_NUMBER', error.message, error)
  if (/server does not support SSL/.test(error.message)) return errorWithCode('NO_TLS', error.message, error)
  return /error establishing an SSL/.test(error.message) ? notPostgres(error) : error
}
