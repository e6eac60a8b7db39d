/** Names of the gRPC status codes, by code. */
export const statusNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const

/** The codes the driver itself distinguishes. */
export const status = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
  permissionDenied: 7,
} as const

/** The HTTP status of each status code in the JSON mapping, by code; from google/rpc/code.proto. */
export const httpStatusOf = [
  200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
] as const

/**
 * The status code for an HTTP status whose body does not name one. Where several codes map to one HTTP status, the most
 * general is used. Source: google/rpc/code.proto in reverse, else the client rules of gRPC over HTTP.
 */
export function codeOfHttpStatus(httpStatus: number): number {
  if (httpStatus >= 200 && httpStatus < 300) return status.ok
  switch (httpStatus) {
    case 400:
      return status.invalidArgument
    case 401:
      return status.unauthenticated
    case 403:
      return status.permissionDenied
    case 404:
      return status.notFound
    case 405:
    case 501:
      return status.unimplemented
    case 409:
      return statusNames.indexOf('ABORTED')
    case 429:
      return status.resourceExhausted
    case 499:
      return status.cancelled
    case 500:
      return status.internal
    case 502:
    case 503:
      return status.unavailable
    case 504:
      return status.deadlineExceeded
    default:
      return status.unknown
  }
}
