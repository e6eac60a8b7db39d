import { z } from 'zod'
import { headerBytes } from './payload/envelope.ts'
import { countOf, durationMsOf, sizeBytesOf } from './units.ts'

/** rhea keeps the deliveries of a session in a ring; this is how many it holds. */
export const largestWindow = 10_000

const pem = z.string().min(1)

const tls = z
  .strictObject({
    ca: pem
      .optional()
      .describe('Certificate authorities to trust instead of the default ones: PEM text or file'),
    cert: pem.optional().describe('Client certificate: PEM text or a file'),
    key: pem.optional().describe('Key of the client certificate: PEM text or a file'),
    servername: z
      .string()
      .optional()
      .describe('Name to ask for and to verify, instead of the host in the url'),
    rejectUnauthorized: z
      .boolean()
      .default(true)
      .describe('Whether certificates are verified. Only turn it off for a machine of your own'),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'cert and key belong together',
  })
  .optional()
  .describe('TLS, for targets that begin with amqps://')

const common = {
  queue: z
    .string()
    .regex(/^[!-~]{1,200}$/, { error: 'must be 1 to 200 printable ASCII characters without spaces' })
    .default('cloudbench')
    .describe('The queue; with several workers and create, each has its own: cloudbench.0, cloudbench.1, …'),
  create: z
    .boolean()
    .default(true)
    .describe('Whether to create the queue before the load and delete it afterwards (RabbitMQ only)'),
  durable: z
    .boolean()
    .default(true)
    .describe('Whether messages, and a created queue, survive a restart of the broker'),
  settlement: z
    .enum(['at-least-once', 'at-most-once'])
    .default('at-least-once')
    .describe('Whether the receiver settles messages, or the sender does before they leave'),
  pipelining: z
    .int()
    .min(1)
    .max(2_000)
    .default(1)
    .describe('Requests that may be in flight on one connection at once'),
  size: written(sizeBytesOf, 'a size, such as 100, 1KB or 64KiB')
    .refine((bytes) => bytes >= headerBytes, { error: `must be at least ${headerBytes} bytes` })
    .default(1_024)
    .describe('Bytes of the body of every message'),
  sasl: z
    .enum(['auto', 'plain', 'anonymous'])
    .default('auto')
    .describe('How to authenticate; auto: PLAIN with a user in the url, ANONYMOUS without'),
  connectTimeoutMs: written(durationMsOf, 'a duration, such as 500ms, 5s or 2000 (milliseconds)')
    .default(10_000)
    .describe('How long opening a connection may take: milliseconds, or a duration such as 5s'),
  tls,
}

const credit = z
  .int()
  .min(1)
  .max(largestWindow)
  .optional()
  .describe(
    'Messages that the broker may send ahead on one connection. Default: enough for all in flight, at least 1000',
  )

const preload = written(countOf, 'a count, such as 1000 or 10k').describe(
  'Messages in the queue before the load',
)

const refill = z
  .boolean()
  .default(true)
  .describe('Whether to send a message for each one received, so that the queue never runs dry')

export const sendOptions = z.strictObject(common)
export const receiveOptions = z.strictObject({
  ...common,
  pipelining: z
    .int()
    .min(1)
    .max(255)
    .default(1)
    .describe('Requests that may be in flight on one connection at once; each uses its own link'),
  preload: preload.default(1_000),
  refill,
})
export const sendReceiveOptions = z.strictObject({ ...common, credit })

export type SendOptions = z.output<typeof sendOptions>
export type ReceiveOptions = z.output<typeof receiveOptions>
export type SendReceiveOptions = z.output<typeof sendReceiveOptions>
/** The options that all workloads have. */
export type AmqpOptions = SendOptions

/** A number, or a text with a unit. */
function written(read: (text: string | number) => number | undefined, expected: string) {
  return z.union([z.number(), z.string()]).transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `is not ${expected}` })
    return z.NEVER
  })
}
