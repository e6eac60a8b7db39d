import { clientOption, count, duration, options, share, size, tls } from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'
import { clients } from './clients.ts'

/** Every payload begins with the number of its row. */
const smallestPayloadBytes = 16
/** A document has JSON around its text. */
const smallestDocumentBytes = 64
/** A connection keeps a few batches of this size. PostgreSQL itself takes up to 1 GiB in one message. */
const largestBatchBytes = 64 * 1024 ** 2

const common = {
  client: clientOption(clients),
  statements: z
    .enum(['named', 'unnamed'])
    .default('named')
    .describe('Whether statements are prepared once per connection, or sent as text with every call'),
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,39}$/, {
      error: 'must be 1 to 40 lower-case letters, digits and underscores, and not begin with a digit',
    })
    .default('cloudbench')
    .describe('The schema of the tables. It is created if it does not exist'),
  pipelining: count({ max: 1_000 })
    .default(1)
    .describe('Statements that may be in flight on one connection at once'),
  statementTimeoutMs: duration()
    .optional()
    .describe('How long a statement may take before the server cancels it (57014)'),
  pooler: z
    .enum(['auto', 'none', 'transaction'])
    .default('auto')
    .describe(
      'With a pooler in transaction mode, no state is left in a session, and statements have no name. auto finds out',
    ),
  connectTimeoutMs: duration().default(10_000).describe('How long opening a connection may take'),
  tls: tls('postgres://').describe(
    'TLS. Given, even empty, it is on, as it is with sslmode=verify-full in the url',
  ),
}

interface Sessionless {
  readonly pooler: 'auto' | 'none' | 'transaction'
  readonly statementTimeoutMs?: number | undefined
}

/** A setting of the session would stay with the connection of the pooler. */
const leavesNoTimeout = ({ pooler, statementTimeoutMs }: Sessionless): boolean =>
  pooler !== 'transaction' || statementTimeoutMs === undefined
const timeoutError = {
  path: ['statementTimeoutMs'],
  error:
    'cannot be set through a pooler in transaction mode; ALTER ROLE … SET statement_timeout sets it for a user',
}

interface Sending extends Pick<Sessionless, 'pooler'> {
  readonly client: keyof typeof clients
  readonly statements: 'named' | 'unnamed'
  readonly pipelining: number
}

const isPipelined = ({ client, statements, pooler, pipelining }: Sending): boolean =>
  client !== 'postgres.js' || pipelining === 1 || (statements === 'named' && pooler !== 'transaction')
const pipeliningError = {
  path: ['pipelining'],
  error:
    'above 1 with client: postgres.js requires statements: named and no pooler, because it sends nothing while it has a statement described; write pipelining: 1, or client: wire or pg',
}

const items = {
  rows: count()
    .default(100_000)
    .describe('How many rows there are to read. The default is that of pgbench at scale 1'),
  payloadSize: size({ min: smallestPayloadBytes }).default(84).describe('Bytes of text per row'),
  preload: z
    .boolean()
    .default(true)
    .describe('Whether the rows are written before the load. If so, a missing one is an error'),
  verify: z
    .boolean()
    .default(true)
    .describe('Whether the payload is read and compared with what was written. false reads a number only'),
}

export const readOptions = options({ ...common, ...items })
  .refine(leavesNoTimeout, timeoutError)
  .refine(isPipelined, pipeliningError)

export const mixedOptions = options({
  ...common,
  ...items,
  reads: share()
    .default(0.5)
    .describe('The share of SELECT. The rest is transactions; 0 is the load of pgbench -N'),
  transaction: z
    .enum(['step by step', 'at once'])
    .default('step by step')
    .describe('Whether each statement waits for the one before, as in pgbench, or all are sent together'),
  updates: count({ max: 100 }).default(1).describe('Rows that a transaction updates, in random order'),
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
  .refine(leavesNoTimeout, timeoutError)
  .refine(({ client, transaction }) => client === 'wire' || transaction === 'step by step', {
    path: ['transaction'],
    error:
      'at once requires client: wire, because pg and postgres.js end every statement, and so its transaction, with a Sync',
  })
  .refine(
    ({ pooler, transaction, isolation }) =>
      pooler !== 'transaction' || transaction === 'step by step' || isolation === 'read committed',
    {
      path: ['isolation'],
      error: 'above read committed requires transaction: step by step through a pooler in transaction mode',
    },
  )

export const writeOptions = options({
  ...common,
  batchRows: count({ max: 1_000 }).default(100).describe('The most rows per INSERT'),
  batchDelayMs: duration().default(10).describe('How long the first row of an INSERT waits for others'),
  documentSize: size({ min: smallestDocumentBytes }).default(1_024).describe('Bytes per JSON document'),
})
  .refine(({ batchRows, documentSize }) => batchRows * documentSize <= largestBatchBytes, {
    path: ['documentSize'],
    error: `times batchRows must be at most ${largestBatchBytes / 1024 ** 2} MiB`,
  })
  .refine(leavesNoTimeout, timeoutError)
  .refine(isPipelined, pipeliningError)

export type ReadOptions = z.output<typeof readOptions>
export type MixedOptions = z.output<typeof mixedOptions>
export type WriteOptions = z.output<typeof writeOptions>
export type PostgresOptions = ReadOptions | MixedOptions | WriteOptions

/** The size of the rows that are read. */
export function rowBytesOf(parsed: PostgresOptions): number {
  return 'payloadSize' in parsed ? parsed.payloadSize : 0
}
