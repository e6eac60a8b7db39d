import type { Explanation } from '@cloudbench/driver-kit'
import type { AmqpTarget } from './target.ts'

/** What a broker refuses. */
export interface Refused {
  readonly target: AmqpTarget
  readonly queue: string
}

type Teller = (refused: Refused, message: string) => Explanation

/**
 * What it means when a broker refuses a connection, a link, a queue or a message, by the condition of AMQP 1.0 or the
 * reply code of 0-9-1 (`AMQP_404`). `undefined` for what did not come from a broker.
 */
export function explainReply(refused: Refused, message: string, code: string): Explanation | undefined {
  const words = byWords.find(([pattern]) => pattern.test(message))?.[1]
  if (words) return words(refused, message)
  const condition = conditions[code] ?? code
  if (Object.hasOwn(tellers, condition)) return tellers[condition]!(refused, message)
  return /^amqp:|^AMQP_\d/.test(code) ? unknown(refused, `${message} (${code})`) : undefined
}

const badCredentials: Teller = ({ target: { shown } }, message) => [
  `${shown} rejected the credentials: ${message}`,
  "user and password in the target's url, as amqp://user:password@host:port",
  'keep the password out of files: amqp://user:${env:AMQP_PASSWORD}@…; see options.sasl',
]
const denied: Teller = ({ target: { shown, vhost }, queue }, message) => [
  `${shown} denied access: ${message}`,
  `permission to configure, write and read ${queue}${vhost === undefined ? '' : ` in the virtual host ${vhost}`}`,
  "grant it, or correct user and path of the target's url",
]
const tooLarge: Teller = ({ target: { shown } }, message) => [
  `${shown} does not take messages of that size: ${message}`,
  'options.size below the limit of the broker (max_message_size of RabbitMQ)',
  'lower options.size, or raise the limit there',
]
const gone: Teller = ({ target: { shown }, queue }, message) => [
  `${shown} detached the queue ${queue}: ${message}`,
  'a queue that stays during the load',
  'see who deletes or detaches it, such as a policy, an expiry or an operator',
]
const elsewhere: Teller = ({ target: { shown }, queue }, message) => [
  `${shown} sends clients of the queue ${queue} to another broker: ${message}`,
  'the broker that serves the queue',
  "let the target's url name that one",
]
const unknown: Teller = ({ target: { shown }, queue }, message) => [
  `${shown} refused to serve the queue ${queue}: ${message}`,
  'a broker that lets the load send to the queue and receive from it',
  'look for this reason in the log of the broker',
]

const notTaken: Teller = ({ target: { shown }, queue }, message) => [
  `${shown} did not accept a message for the queue ${queue}: ${message}`,
  'a queue with room for what the load puts into it',
  'look at the limits of the queue (x-max-length, overflow) and its policies, or lower options.preload and options.size',
]

/** What only the text says. SASL has codes of its own, and rhea makes conditions of them. */
const byWords: readonly (readonly [RegExp, Teller])[] = [
  [
    /^No suitable mechanism/,
    ({ target: { shown } }, message) => [
      `${shown} offers no way to authenticate that the driver knows: ${message}`,
      'PLAIN, ANONYMOUS or EXTERNAL',
      "with PLAIN, put user and password into the target's url, as amqp://user:password@host:port; see options.sasl",
    ],
  ],
  [
    /Failed to authenticate: [234]$/,
    ({ target: { shown } }, message) => [
      `${shown} cannot check credentials now: ${message}, a failure of its own (SASL sys)`,
      'a broker whose authentication works',
      'look into the log of the broker, and at what it asks, such as LDAP',
    ],
  ],
  [/Failed to authenticate|SASL/, badCredentials],
  [/message size|MessageSizeExceeded/i, tooLarge],
  [/\baccess to \w+ '[^']*'.*refused|reserved prefix/i, denied],
]

/** The condition of AMQP 1.0 that means the same as a reply code of 0-9-1. */
const conditions: Readonly<Record<string, string>> = {
  AMQP_311: 'amqp:link:message-size-exceeded',
  AMQP_320: 'amqp:connection:forced',
  AMQP_404: 'amqp:not-found',
  AMQP_405: 'amqp:resource-locked',
  AMQP_506: 'amqp:resource-limit-exceeded',
  AMQP_530: 'amqp:not-allowed',
  AMQP_540: 'amqp:not-implemented',
  AMQP_541: 'amqp:internal-error',
}

const tellers: Readonly<Record<string, Teller>> = {
  AMQP_403: badCredentials,
  AMQP_406: ({ target: { shown }, queue }, message) => [
    `the queue ${queue} on ${shown} exists, and cloudbench did not create it with these options: ${message}`,
    'a queue that does not exist, or one that a run with the same options.durable left behind',
    'choose another options.queue, or set options.create to false to use it as it is',
  ],
  PROTOCOL_091: ({ target: { shown }, queue }) => [
    `${shown} cannot create the queue ${queue}: it does not speak AMQP 0-9-1, which AMQP 1.0 needs for that`,
    'RabbitMQ, or a queue that exists',
    'create the queue, and set options.create to false',
  ],
  PROTOCOL_ERROR: ({ target: { shown, isTls } }, message) => [
    `${shown} is not speaking AMQP 1.0: ${message}`,
    `an AMQP 1.0 broker${isTls ? ' with TLS' : ''} on ${shown}`,
    "correct the target's url; RabbitMQ 3 needs the plugin rabbitmq_amqp1_0",
  ],
  SILENT: ({ target: { shown } }, message) => [
    `${shown} has fallen silent: ${message}`,
    'a broker that answers, and sends heartbeats',
    'check the broker and the network, or raise options.heartbeatMs',
  ],
  rejected: notTaken,
  released: notTaken,
  modified: notTaken,
  'no outcome': notTaken,
  'amqp:not-found': ({ target: { shown }, queue }, message) => [
    `${shown} has no queue ${queue}: ${message}`,
    'a queue that exists',
    'create it, or leave options.create on, or correct options.queue',
  ],
  'amqp:resource-locked': ({ target: { shown }, queue }, message) => [
    `${shown} keeps the queue ${queue} for another connection: ${message}`,
    'a queue that no one has to themselves',
    'end the client that uses it exclusively, or choose another options.queue',
  ],
  'amqp:precondition-failed': ({ target: { shown }, queue }, message) => [
    `${shown} does not let the queue ${queue} be used like this: ${message}`,
    'options that fit the queue',
    'compare options.durable, options.settlement and options.capability with how the queue was made',
  ],
  'amqp:unauthorized-access': denied,
  'amqp:not-allowed': denied,
  'amqp:resource-limit-exceeded': ({ target: { shown } }, message) => [
    `${shown} has reached a limit: ${message}`,
    'room for the connections, links and messages of the load',
    'raise the limit there (connections, channels, length of the queue, memory, disk), or configure fewer connections',
  ],
  'amqp:link:message-size-exceeded': tooLarge,
  'amqp:link:detach-forced': gone,
  'amqp:resource-deleted': gone,
  'amqp:link:stolen': gone,
  'amqp:link:redirect': elsewhere,
  'amqp:connection:redirect': elsewhere,
  'amqp:connection:forced': ({ target: { shown } }, message) => [
    `${shown} ended the connection: ${message}`,
    'a broker that keeps running, and lets connections be',
    'wait until it runs again, or ask who closed the connection',
  ],
  'amqp:not-implemented': ({ target: { shown }, queue }, message) => [
    `${shown} lacks something that the load asks for on the queue ${queue}: ${message}`,
    'a broker with queues, credit and settlement as AMQP 1.0 describes them',
    'try options.capability none, or the other options.settlement',
  ],
}
