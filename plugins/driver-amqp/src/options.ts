import { clientOption, count, duration, options, size, tls } from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'
import { clients } from './clients.ts'
import { headerBytes } from './payload/envelope.ts'

/** How many messages a broker may send ahead. */
export const largestWindow = 10_000

/** RabbitMQ counts seconds. */
const shortestHeartbeatMs = 1_000

const common = {
  client: clientOption(clients),
  queue: z
    .string()
    .regex(/^[!-~]{1,200}$/, { error: 'must be 1 to 200 printable ASCII characters without spaces' })
    .default('cloudbench')
    .describe('The queue; with several workers and create, each has its own: cloudbench.0, cloudbench.1, …'),
  create: z
    .boolean()
    .default(true)
    .describe('Whether to create the queue before the load and delete it afterwards (RabbitMQ only)'),
  capability: z
    .enum(['queue', 'topic', 'none'])
    .default('queue')
    .describe('What a broker is asked to take the address for; none: whatever it is configured to'),
  durable: z
    .boolean()
    .default(true)
    .describe('Whether messages, and a created queue, survive a restart of the broker'),
  settlement: z
    .enum(['at-least-once', 'at-most-once'])
    .default('at-least-once')
    .describe('Whether the receiver settles messages, or the sender does before they leave'),
  pipelining: count({ max: 2_000 })
    .default(1)
    .describe('Requests that may be in flight on one connection at once'),
  size: size({ min: headerBytes }).default(1_024).describe('Size of the body of every message'),
  sasl: z
    .enum(['auto', 'plain', 'anonymous', 'external'])
    .default('auto')
    .describe(
      'How to authenticate; auto: PLAIN with a user in the url, ANONYMOUS without; external: by the certificate tls.cert',
    ),
  connectTimeoutMs: duration().default(10_000).describe('How long opening a connection may take: 500ms, 5s'),
  heartbeatMs: duration({ min: 0 })
    .refine((durationMs) => durationMs === 0 || durationMs >= shortestHeartbeatMs, {
      error: 'must be at least 1 s, or 0 for none',
    })
    .default(5_000)
    .describe(
      'How often the broker is asked for a sign of life; a connection that was silent for twice as long is replaced. 0: never',
    ),
  tls: tls('amqps://'),
}

export const sendOptions = options(common)
export const receiveOptions = options({
  ...common,
  pipelining: count({ max: 255 })
    .default(1)
    .describe('Requests that may be in flight on one connection at once; each uses its own link'),
  preload: count({ min: 0 }).default(1_000).describe('Messages in the queue before the load'),
  refill: z
    .boolean()
    .default(true)
    .describe('Whether to send a message for each one received, so that the queue never runs dry'),
})
export const sendReceiveOptions = options({
  ...common,
  credit: count({ max: largestWindow })
    .optional()
    .describe('Messages a broker may send ahead on one connection. Default: all in flight, at least 1000'),
})

export type SendOptions = z.output<typeof sendOptions>
export type ReceiveOptions = z.output<typeof receiveOptions>
export type SendReceiveOptions = z.output<typeof sendReceiveOptions>
/** The options that all workloads have. */
export type AmqpOptions = SendOptions
