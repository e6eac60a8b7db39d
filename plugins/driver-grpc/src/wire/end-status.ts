import { errorCode } from './http2/fault.ts'
import { readStatusDetails } from './status-details.ts'
import { status } from './status.ts'

/** How a call ended. */
export interface EndStatus {
  readonly code: number
  readonly details: string
}

/** What a server says of a call at its end. */
export interface SaidStatus extends EndStatus {
  /** Of the metadata `grpc-status-details-bin`. */
  readonly bytes: Uint8Array | undefined
}

/** The status, with what the server has put beside it. */
export function withDetails({ code, details, bytes }: SaidStatus): EndStatus {
  const found = bytes === undefined ? undefined : readStatusDetails(bytes)
  if (found === undefined) return { code, details }
  const text = details === '' ? found.message : details
  return { code, details: found.details.length === 0 ? text : `${text} (${found.details.join(', ')})`.trim() }
}

/** What answers without a status mean, by their HTTP status; from the rules of gRPC over HTTP/2. */
const codesOfHttpStatus: Readonly<Record<number, number>> = {
  400: status.internal,
  401: status.unauthenticated,
  403: status.permissionDenied,
  404: status.unimplemented,
  429: status.unavailable,
  502: status.unavailable,
  503: status.unavailable,
  504: status.unavailable,
}

/** The status of an answer that has none of its own, in the words of grpc-js. */
export function statusOfHttp(httpStatus: number): EndStatus {
  return {
    code: codesOfHttpStatus[httpStatus] ?? status.unknown,
    details: `Received HTTP status code ${httpStatus}`,
  }
}

/** The status of a call that the server has reset, in the words of grpc-js. */
export function statusOfReset(reset: number): EndStatus {
  const details = `Received RST_STREAM with code ${reset}`
  switch (reset) {
    case errorCode.none:
      return { code: status.internal, details: `${details} (Call ended without gRPC status)` }
    case errorCode.refusedStream:
      return { code: status.unavailable, details: 'Stream refused by server' }
    case errorCode.cancel:
      return { code: status.cancelled, details: 'Call cancelled' }
    case errorCode.enhanceYourCalm:
      return { code: status.resourceExhausted, details: 'Bandwidth exhausted or memory limit exceeded' }
    case errorCode.inadequateSecurity:
      return { code: status.permissionDenied, details: 'Protocol not secure enough' }
    case errorCode.internal:
      return { code: status.internal, details: `${details} (Internal server error)` }
    default:
      return { code: status.internal, details }
  }
}

/** What is said of a message that is compressed in a way that is not known. */
export const unknownCompression =
  'an answer is compressed in a way that it does not say, or that is not known'
