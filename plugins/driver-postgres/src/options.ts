import { z } from 'zod'
import { countOf, durationMsOf, shareOf, sizeBytesOf } from '@cloudbench/driver-kit'

/** Every payload begins with the number of its row. */
const smallestPayloadBytes = 16
/** A document has JSON around its text. */
const smallestDocumentBytes = 64
/** A connection keeps a few batches of this size. PostgreSQL itself takes up to 1 GiB in one message. */
const largestBatchBytes = 64 * 1024 ** 2

const pem = z.string().min(1)

const tls = z
  .strictObject({
    ca: pem
      .optional()
      .describe('Certificate authorities to trust instead of the usual ones: PEM text or a file'),
    cert: pem.optional().describe('Client certificate: PEM text or a file'),
    key: pem.optional().describe('Key of the client certificate: PEM text or a file'),
    servername: z
      .string()
      .optional()
      .describe('Name to ask for and to verify, instead of the host in the url'),
    rejectUnauthorized: z
      .boolean()
      .default(true)
      .describe('Whether certificates are verified. Only turn it off against a machine of your own'),
  })
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'cert and key belong together',
  })
  .optional()
  .describe('TLS. Given, even empty, it is spoken; so it is with sslmode=verify-full in the url')

const duration = written(durationMsOf, 'a duration, such as 500ms, 5s or 2000 (milliseconds)')
const size = written(sizeBytesOf, 'a size, such as 100, 100B or 1KB')

const common = {
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,39}$/, {
      error: 'must be 1 to 40 lower-case letters, digits and underscores, and not begin with a digit',
    })
    .default('cloudbench')
    .describe('The schema of the tables. It is created if it does not exist'),
  pipelining: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .describe('Statements that may be in flight on one connection at once'),
  statementTimeoutMs: duration
    .optional()
    .describe('How long a statement may take before the server cancels it (57014)'),
  connectTimeoutMs: duration.default(10_000).describe('How long opening a connection may take'),
  tls,
}

const items = {
  rows: written(countOf, 'a count above 0, such as 100000 or 100k')
    .default(100_000)
    .describe('How many rows there are to read. The default is that of pgbench at scale 1'),
  payloadSize: size
    .refine((bytes) => bytes >= smallestPayloadBytes, {
      error: `must be at least ${smallestPayloadBytes} bytes`,
    })
    .default(84)
    .describe('Bytes of text per row'),
  preload: z
    .boolean()
    .default(true)
    .describe('Whether the rows are written before the load. If so, a missing one is an error'),
  verify: z
    .boolean()
    .default(true)
    .describe('Whether the payload is read and compared with what was written. false reads a number only'),
}

export const readOptions = z.strictObject({ ...common, ...items })

export const mixedOptions = z
  .strictObject({
    ...common,
    ...items,
    reads: written(shareOf, 'a share, such as 90% or 0.9')
      .default(0.5)
      .describe('The share of SELECT. The rest is transactions; 0 is the load of pgbench -N'),
    transaction: z
      .enum(['step by step', 'at once'])
      .default('step by step')
      .describe('Whether each statement waits for the one before, as in pgbench, or all are sent together'),
    updates: z.int().min(1).max(100).default(1).describe('Rows that a transaction updates, in random order'),
    isolation: z
      .enum(['read committed', 'repeatable read', 'serializable'])
      .default('read committed')
      .describe('Isolation level of the transactions'),
    conflicts: z
      .enum(['count', 'retry'])
      .default('count')
      .describe(
        'Whether a transaction that conflicted (40001, 40P01) is only counted, or also retried, unmeasured',
      ),
  })
  .refine(({ transaction, pipelining }) => transaction === 'at once' || pipelining === 1, {
    path: ['pipelining'],
    error: 'above 1 requires transaction: at once, because a connection runs one transaction at a time',
  })

export const writeOptions = z
  .strictObject({
    ...common,
    batchRows: z.int().min(1).max(1_000).default(100).describe('The most rows per INSERT'),
    batchDelayMs: duration.default(10).describe('How long the first row of an INSERT waits for others'),
    documentSize: size
      .refine((bytes) => bytes >= smallestDocumentBytes, {
        error: `must be at least ${smallestDocumentBytes} bytes`,
      })
      .default(1_024)
      .describe('Bytes per JSON document'),
  })
  .refine(({ batchRows, documentSize }) => batchRows * documentSize <= largestBatchBytes, {
    path: ['documentSize'],
    error: `times batchRows must be at most ${largestBatchBytes / 1024 ** 2} MiB`,
  })

export type ReadOptions = z.output<typeof readOptions>
export type MixedOptions = z.output<typeof mixedOptions>
export type WriteOptions = z.output<typeof writeOptions>
export type PostgresOptions = ReadOptions | MixedOptions | WriteOptions

/** A number, or a text with a unit. */
function written(read: (text: string | number) => number | undefined, expected: string) {
  return z.union([z.number(), z.string()]).transform((text, context) => {
    const value = read(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: `is not ${expected}` })
    return z.NEVER
  })
}
