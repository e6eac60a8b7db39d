import type { CloudbenchError } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import { explainReply } from './error-replies.ts'
import type { AmqpTarget } from './target.ts'

/** Explains why a broker cannot be used, and what to do about it. */
export function connectError(error: unknown, target: AmqpTarget, queue: string): CloudbenchError {
  const { shown, host, isTls } = target
  const server = `an AMQP 1.0 broker${isTls ? ' with TLS' : ''} on ${shown}`
  const network = { where: shown, hostname: host, server, plainScheme: 'amqp://' }
  return connectRefusal(error, network, (message, code) => explainReply({ target, queue }, message, code))
}
