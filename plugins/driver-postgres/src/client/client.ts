import type { TaskContext } from '@cloudbench/core'
import { sharedTls, within, type LightSocket } from '@cloudbench/driver-kit'
import { Client } from 'pg'
import { connectError, taskError } from '../connect-error.ts'
import type { PostgresOptions } from '../options.ts'
import { parseTarget, type PostgresTarget } from '../target.ts'
import { createSocket } from '../wire/socket.ts'

/** How long a server may take to close a connection. */
const closeLimitMs = 1_000

/** A client with an open connection. */
export interface OpenClient {
  readonly client: Client
  /** Why the connection broke, once it has. */
  readonly fault: () => Error | undefined
  /** Whether the server has ended the connection. */
  readonly hasEnded: () => boolean
  /** Says goodbye to the server; with `isBusy`, without waiting for outstanding answers. */
  close(isBusy?: boolean): Promise<void>
}

/**
 * Connects, authenticates, and runs the SQL that sets the session up.
 * @throws CloudbenchError that explains what went wrong.
 */
export async function openClient(context: TaskContext<PostgresOptions>, setUp = ''): Promise<OpenClient> {
  const { options, signal } = context
  signal.throwIfAborted()
  const target = parseTarget(context.target)
  const isTls = target.isTls || options.tls !== undefined
  const socket = createSocket(isTls ? await sharedTls(context) : undefined)
  const client = newClient(target, socket)
  let fault: Error | undefined
  let hasEnded = false
  client.once('end', () => {
    hasEnded = true
  })
  // without a listener it would end the process
  client.on('error', (error: Error) => {
    fault ??= error
  })
  try {
    await within(options.connectTimeoutMs, () => setUpSession(client, timeoutOf(options) + setUp))
  } catch (error) {
    socket.destroy()
    throw connectError(fault ?? error, target, isTls)
  }
  return {
    client,
    fault: () => fault,
    hasEnded: () => hasEnded || fault !== undefined,
    close: (isBusy = false) => closeClient(client, isBusy),
  }
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

function newClient({ host, port, user, database, password }: PostgresTarget, socket: LightSocket): Client {
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
    stream: () => socket,
  })
}

async function setUpSession(client: Client, sql: string): Promise<void> {
  await client.connect()
  if (sql !== '') await client.query(sql)
}

function timeoutOf({ statementTimeoutMs }: PostgresOptions): string {
  return statementTimeoutMs === undefined ? '' : `SET statement_timeout = ${Math.ceil(statementTimeoutMs)};`
}

async function closeClient(client: Client, isBusy: boolean): Promise<void> {
  const { stream } = client.connection
  if (isBusy) stream.destroy()
  const limit = setTimeout(() => stream.destroy(), closeLimitMs)
  await client.end()
  clearTimeout(limit)
}
