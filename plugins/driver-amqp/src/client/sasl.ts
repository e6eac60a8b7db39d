import { CloudbenchError } from '@cloudbench/core'
import type { AmqpOptions } from '../options.ts'
import type { AmqpTarget } from '../target.ts'

/** How a client says who it is, with one message. */
export interface Mechanism {
  readonly name: 'PLAIN' | 'ANONYMOUS' | 'EXTERNAL'
  readonly response: Buffer
}

/** The one mechanism to offer. */
export function mechanismOf(sasl: AmqpOptions['sasl'], { username, password, shown }: AmqpTarget): Mechanism {
  if (sasl === 'plain' && (username === undefined || password === undefined))
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `sasl: plain needs a user and a password, and the url of ${shown} lacks one`,
      expected: 'amqp://user:password@host:port',
      next: 'keep the password out of files: amqp://user:${env:AMQP_PASSWORD}@…',
    })
  // the broker knows the client by its certificate
  if (sasl === 'external') return { name: 'EXTERNAL', response: Buffer.alloc(0) }
  const isPlain = sasl === 'plain' || (sasl === 'auto' && username !== undefined)
  return isPlain
    ? { name: 'PLAIN', response: Buffer.from(`\0${username}\0${password ?? ''}`) }
    : { name: 'ANONYMOUS', response: Buffer.from('cloudbench') }
}
