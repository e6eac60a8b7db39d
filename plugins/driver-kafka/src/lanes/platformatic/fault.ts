import { errorWithCode } from '@cloudbench/driver-kit'
import { codeOf, protocolError } from '../../wire/protocol-errors.ts'
import type { Fault } from '../parcels.ts'

/** What its errors have, those of a broker and those around them. */
interface LibraryError extends Error {
  readonly code?: string
  /** Of a broker's error: its number. */
  readonly apiCode?: number
  readonly errors?: readonly LibraryError[]
}

/** A broker's error may be inside others. */
export function faultIn(error: unknown): Fault {
  const inner = innermost(error as LibraryError)
  if (typeof inner.apiCode === 'number') return { code: inner.apiCode }
  if (inner.code === 'PLT_KFK_TIMEOUT') return { broken: errorWithCode('ETIMEDOUT', inner.message, error) }
  if (inner.code === 'PLT_KFK_UNSUPPORTED_API') return { code: codeOf('UNSUPPORTED_VERSION') }
  if (inner.code === 'PLT_KFK_NETWORK')
    return { broken: errorWithCode('CONNECTION_CLOSED', inner.message, error) }
  return { broken: inner }
}

/** The same where any error ends the connection: a broker's under the protocol's name. */
export function lossIn(error: unknown, what: string): Error {
  const fault = faultIn(error)
  return 'code' in fault ? protocolError(fault.code, what) : fault.broken
}

function innermost(error: LibraryError): LibraryError {
  const [first] = error.errors ?? []
  if (first !== undefined) return innermost(first)
  return error.cause instanceof Error ? innermost(error.cause) : error
}
