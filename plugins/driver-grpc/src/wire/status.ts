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
  aborted: 10,
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

/** Where several codes map to one HTTP status, the most general; else the client rules of gRPC over HTTP. */
const codesOfHttpStatus: Readonly<Record<number, number>> = {
  400: status.invalidArgument,
  401: status.unauthenticated,
  403: status.permissionDenied,
  404: status.notFound,
  405: status.unimplemented,
  409: status.aborted,
  429: status.resourceExhausted,
  499: status.cancelled,
  500: status.internal,
  501: status.unimplemented,
  502: status.unavailable,
  503: status.unavailable,
  504: status.deadlineExceeded,
}

/** The status code for an HTTP status whose body does not name one. */
export function codeOfHttpStatus(httpStatus: number): number {
  if (httpStatus >= 200 && httpStatus < 300) return status.ok
  return codesOfHttpStatus[httpStatus] ?? status.unknown
}
