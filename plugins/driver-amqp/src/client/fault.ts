import type { AmqpError } from 'rhea'

/** An error whose `code` says why a connection broke. Requests in flight are counted under that code. */
export function faultOf(cause: unknown): Error {
  const { condition, description, code, message } = (cause ?? {}) as Partial<AmqpError> &
    NodeJS.ErrnoException
  if (typeof condition === 'string')
    return Object.assign(new Error(description ?? condition, { cause }), { code: condition })
  if (typeof code === 'string' && cause instanceof Error) return cause
  const isProtocol = cause instanceof Error && cause.name === 'ProtocolError'
  return Object.assign(new Error(message ?? 'the connection was closed', { cause }), {
    code: isProtocol ? 'PROTOCOL_ERROR' : cause instanceof Error ? 'CLIENT_ERROR' : 'CONNECTION_CLOSED',
  })
}
