import type { CloudbenchError } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import type { AmqpTarget } from './target.ts'

/** Explains why a broker cannot be used, and what to do about it. */
export function connectError(error: unknown, target: AmqpTarget, queue: string): CloudbenchError {
  const { shown, host, isTls, vhost } = target
  const server = `an AMQP 1.0 broker${isTls ? ' with TLS' : ''} on ${shown}`
  const network = { where: shown, hostname: host, server, plainScheme: 'amqp://' }
  return connectRefusal(error, network, (message, code) => {
    if (code === 'AMQP_403' || /Failed to authenticate|No suitable mechanism|SASL/.test(message))
      return [
        `${shown} rejected the credentials: ${message}`,
        "user and password in the target's url, as amqp://user:password@host:port",
        'keep the password out of files: amqp://user:${env:AMQP_PASSWORD}@…; see options.sasl',
      ]
    if (code === 'amqp:not-found')
      return [
        `${shown} has no queue ${queue}: ${message}`,
        'a queue that exists',
        'create it, or leave options.create on, or correct options.queue',
      ]
    if (code === 'amqp:unauthorized-access' || code === 'AMQP_530')
      return [
        `${shown} denied access: ${message}`,
        `permission to read and write ${queue}${vhost === undefined ? '' : ` in the virtual host ${vhost}`}`,
        "grant it, or correct user and path of the target's url",
      ]
    if (code === 'PROTOCOL_ERROR')
      return [
        `${shown} is not speaking AMQP 1.0: ${message}`,
        server,
        "correct the target's url; RabbitMQ 3 needs the plugin rabbitmq_amqp1_0",
      ]
    return undefined
  })
}
