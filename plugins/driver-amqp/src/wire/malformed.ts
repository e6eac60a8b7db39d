import { errorWithCode } from '@cloudbench/driver-kit'

/** What a peer must not send. It ends the connection, and requests on it fail under this code. */
export function malformed(what: string): Error {
  return errorWithCode('PROTOCOL_ERROR', what)
}
