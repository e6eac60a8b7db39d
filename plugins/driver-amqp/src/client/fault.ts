import { formatDuration } from '@cloudbench/core/text'
import { errorWithCode, lostConnection } from '@cloudbench/driver-kit'

/** A broker names its reason by a condition, such as `amqp:precondition-failed`. */
interface Reason {
  readonly condition?: unknown
  readonly description?: unknown
}

/** Why a connection was lost, under the code that its requests fail with. */
export function lostBy(cause: unknown): Error {
  const { condition, description } = (cause ?? {}) as Reason
  if (typeof condition === 'string')
    return (
      forcedBy(description, cause) ??
      errorWithCode(condition, typeof description === 'string' ? description : condition, cause)
    )
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
