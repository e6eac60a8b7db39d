import { CloudbenchError } from '@cloudbench/core'
import type { AmqpOptions } from '../options.ts'
import type { AmqpTarget } from '../target.ts'

/** A mechanism as rhea takes it. */
interface Mechanism {
  start(answer: (error: Error | undefined, response: Buffer) => void): void
}

/**
 * The one mechanism to offer. rhea's own PLAIN counts user and password in characters, and truncates those that take
 * more than one byte each.
 */
export function saslMechanisms(
  sasl: AmqpOptions['sasl'],
  { username, password, shown }: AmqpTarget,
): Readonly<Record<string, () => Mechanism>> {
  if (sasl === 'plain' && (username === undefined || password === undefined))
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `sasl: plain needs a user and a password, and the url of ${shown} lacks one`,
      expected: 'amqp://user:password@host:port',
      next: 'keep the password out of files: amqp://user:${env:AMQP_PASSWORD}@…',
    })
  const isPlain = sasl === 'plain' || (sasl === 'auto' && username !== undefined)
  return isPlain
    ? { PLAIN: once(Buffer.from(`\0${username}\0${password ?? ''}`)) }
    : { ANONYMOUS: once(Buffer.from('cloudbench')) }
}

function once(response: Buffer): () => Mechanism {
  return () => ({ start: (answer) => answer(undefined, response) })
}
