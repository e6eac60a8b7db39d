import { errorWithCode } from '@cloudbench/driver-kit'
import { codeOf, protocolError } from '../../wire/protocol-errors.ts'
import type { Fault } from '../parcels.ts'

/** kafkajs wraps an error, sometimes more than once; the innermost says what happened. */
export function faultIn(error: unknown): Fault {
  let inner = error as Error
  while (inner.cause instanceof Error) inner = inner.cause
  const { code } = inner as { code?: unknown }
  if (inner.name === 'KafkaJSProtocolError' && typeof code === 'number') return { code }
  // it has heard so from every broker, and does not say which
  if (inner.name === 'KafkaJSGroupCoordinatorNotFound') return { code: codeOf('COORDINATOR_NOT_AVAILABLE') }
  if (inner.name === 'KafkaJSRequestTimeoutError')
    return { broken: errorWithCode('ETIMEDOUT', inner.message) }
  return { broken: inner }
}

/** The same where any error ends the connection: a broker's under the protocol's name. */
export function lossIn(error: unknown, what: string): Error {
  const fault = faultIn(error)
  return 'code' in fault ? protocolError(fault.code, what) : fault.broken
}
