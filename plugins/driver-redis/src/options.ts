import { z } from 'zod'
import { countOf, durationMsOf, shareOf, sizeBytesOf } from '@cloudbench/driver-kit'

/** Room for the header at the start of every value. */
const smallestValueBytes = 40

const pem = z.string().min(1)

const tls = z
  .strictObject({
    ca: pem
      .optional()
      .describe('Certificate authorities to trust instead of the default ones: PEM text or a file'),
    cert: pem.optional().describe('Client certificate: PEM text or a file'),
    key: pem.optional().describe('Key of the client certificate: PEM text or a file'),
    servername: z
      .string()
      .optional()
      .describe('Name to ask for and to verify, instead of the host in the url'),
    rejectUnauthorized: z
      .boolean()
      .default(true)
      .describe('Whether certificates are verified. Turn it off only against your own machines'),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'cert and key belong together',
  })
  .optional()
  .describe('TLS, for targets that begin with rediss://')

/** The options of a workload, with its default share of reads. */
export function loadOptions(reads: number) {
  return z.strictObject({
    reads: written(shareOf, 'a share, such as 90% or 0.9')
      .default(reads)
      .describe('Share of GETs; the rest are SETs'),
    keys: written(countOf, 'a count above 0, such as 10000 or 10k')
      .default(10_000)
      .describe('Number of keys'),
    prefix: z
      .string()
      .regex(/^[!-~]{1,100}$/, { error: 'must be 1 to 100 printable ASCII characters without spaces' })
      .default('cloudbench:')
      .describe('Prefix of every key'),
    valueSize: written(sizeBytesOf, 'a size, such as 100, 100B or 1KB')
      .refine((bytes) => bytes >= smallestValueBytes, {
        error: `must be at least ${smallestValueBytes} bytes`,
      })
      .default(100)
      .describe('Size of every value'),
    distribution: z
      .enum(['uniform', 'zipf'])
      .default('uniform')
      .describe('How keys are picked: all equally often, or a few much more often than the rest'),
    theta: z.number().positive().max(10).default(0.99).describe('Exponent of the Zipf distribution'),
    pipelining: z
      .int()
      .min(1)
      .max(10_000)
      .default(1)
      .describe('Requests that may be in flight on one connection at once'),
    preload: z
      .boolean()
      .default(true)
      .describe('Whether every key is written before the load, which makes a miss an error'),
    verify: z.boolean().default(true).describe('Whether values read are compared with what was written'),
    cluster: z.boolean().default(false).describe('Whether the target is a node of a Redis Cluster'),
    connectTimeoutMs: written(durationMsOf, 'a duration, such as 500ms, 5s or 2000 (milliseconds)')
      .default(10_000)
      .describe('How long opening a connection may take: milliseconds, or a duration such as 5s'),
    tls,
  })
}

export type RedisOptions = z.output<ReturnType<typeof loadOptions>>

/** A number, or a text with a unit. */
function written(read: (text: string | number) => number | undefined, expected: string) {
  return z.union([z.number(), z.string()]).transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `is not ${expected}` })
    return z.NEVER
  })
}
