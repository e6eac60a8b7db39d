import { formatDuration } from '@cloudbench/core/text'
import { errorWithCode, lostConnection } from '@cloudbench/driver-kit'
import type { AmqpError, EventContext } from 'rhea'

/** Any of these ends the connection: it is never used with some of its links missing. */
export const faultEvents = [
  'connection_error',
  'connection_close',
  'session_error',
  'session_close',
  'sender_error',
  'sender_close',
  'receiver_error',
  'receiver_close',
  'disconnected',
] as const

export function causeOf({ error, connection, session, sender, receiver }: EventContext): unknown {
  return error ?? sender?.error ?? receiver?.error ?? session?.error ?? connection.error
}

/** A broker names its reason by a condition, such as `amqp:precondition-failed`. */
export function lostBy(cause: unknown): Error {
  const { condition, description } = (cause ?? {}) as Partial<AmqpError>
  if (typeof condition === 'string')
    return forcedBy(description, cause) ?? errorWithCode(condition, description ?? condition, cause)
  return lostConnection(cause, ({ name }) => (name === 'ProtocolError' ? 'PROTOCOL_ERROR' : undefined))
}

/** RabbitMQ 3 ends a session with the state of its own process, in Erlang, in which the reason of an operator is bytes. */
function forcedBy(description: unknown, cause: unknown): Error | undefined {
  const [, bytes] = /server_initiated_close,320,<<([\d,]*)>>/.exec(String(description)) ?? []
  if (bytes === undefined) return undefined
  const reason = Buffer.from(bytes.split(',').map(Number)).toString()
  return errorWithCode('amqp:connection:forced', `${reason} (320)`, cause)
}

export function silentFor(heartbeatMs: number): Error {
  return errorWithCode(
    'SILENT',
    `the broker sent nothing, and no heartbeat, for ${formatDuration(heartbeatMs * 2)}`,
  )
}
