import { setTimeout as sleep } from 'node:timers/promises'
import type { TaskContext } from '@cloudbench/core'
import { Client } from 'pg'
import { connectError, taskError } from '../connect-error.ts'
import type { PostgresOptions } from '../options.ts'
import { parseTarget, type PostgresTarget } from '../target.ts'
import { sharedTls } from '@cloudbench/driver-kit'
import { WireStream } from '../wire/stream.ts'

/** How long a server may take to close a connection. */
const closeLimitMs = 1_000

/** A client with an open connection. */
export interface OpenClient {
  readonly client: Client
  /** Why the connection broke, once it has. */
  readonly fault: () => Error | undefined
  /** Says goodbye to the server; with `isBusy`, without waiting for outstanding answers. */
  close(isBusy?: boolean): Promise<void>
}

/**
 * Connects, authenticates, and runs the SQL that sets the session up.
 * @throws CloudbenchError that explains what went wrong.
 */
export async function openClient(
  { target: url, options, share, log, signal }: TaskContext<PostgresOptions>,
  setUp = '',
): Promise<OpenClient> {
  signal.throwIfAborted()
  const target = parseTarget(url)
  const isTls = target.isTls || options.tls !== undefined
  const stream = new WireStream(isTls ? await sharedTls({ options, share, log }) : undefined)
  const client = newClient(target, stream)
  let fault: Error | undefined
  // without a listener it would end the process
  client.on('error', (error: Error) => {
    fault ??= error
  })
  try {
    await answering(setUpSession(client, timeoutOf(options) + setUp), options.connectTimeoutMs)
  } catch (error) {
    stream.destroy()
    throw connectError(fault ?? error, target, isTls)
  }
  return { client, fault: () => fault, close: (isBusy = false) => closeClient(client, isBusy) }
}

/** For preparing, observing and auditing, which may take as long as they need. */
export async function withoutTimeout(context: TaskContext<PostgresOptions>): Promise<OpenClient> {
  const { statementTimeoutMs: _, ...options } = context.options
  return await openClient({ ...context, options })
}

export async function withClient<Result>(
  context: TaskContext<PostgresOptions>,
  work: (opened: OpenClient) => Promise<Result>,
): Promise<Result> {
  const opened = await withoutTimeout(context)
  try {
    return await work(opened)
  } catch (error) {
    throw taskError(error, parseTarget(context.target))
  } finally {
    await opened.close()
  }
}

function newClient({ host, port, user, database, password }: PostgresTarget, stream: WireStream): Client {
  return new Client({
    host,
    port,
    user,
    database,
    // a function, so that pg reads neither the environment nor a password file
    password: () => password ?? '',
    application_name: 'cloudbench',
    ssl: false,
    sslnegotiation: 'postgres',
    pipeline: true,
    stream: () => stream,
  })
}

async function setUpSession(client: Client, sql: string): Promise<void> {
  await client.connect()
  if (sql !== '') await client.query(sql)
}

function timeoutOf({ statementTimeoutMs }: PostgresOptions): string {
  return statementTimeoutMs === undefined ? '' : `SET statement_timeout = ${Math.ceil(statementTimeoutMs)};`
}

/** A server that accepts connections and never answers must not block the run. */
async function answering(opening: Promise<void>, limitMs: number): Promise<void> {
  const limit = new AbortController()
  try {
    await Promise.race([
      opening,
      sleep(limitMs, undefined, { signal: limit.signal }).then(() => {
        throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
      }),
    ])
  } finally {
    limit.abort()
  }
}

async function closeClient(client: Client, isBusy: boolean): Promise<void> {
  const { stream } = client.connection
  if (isBusy) stream.destroy()
  const limit = setTimeout(() => stream.destroy(), closeLimitMs)
  await client.end()
  clearTimeout(limit)
}
