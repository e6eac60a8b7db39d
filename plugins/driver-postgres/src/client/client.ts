import { CloudbenchError, type TaskContext } from '@cloudbench/core'
import { sharedTls, within, type ConnectTls, type LightSocket } from '@cloudbench/driver-kit'
import { Client } from 'pg'
import { connectError, taskError } from '../connect-error.ts'
import type { PostgresOptions } from '../options.ts'
import { parseTarget, type PostgresTarget } from '../target.ts'
import { createSocket } from '../wire/socket.ts'
import { attemptsOf, isAboutTls, tlsOf } from './ssl-mode.ts'

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
  if (options.tls !== undefined && target.host.startsWith('/')) throw tlsOnSocket()
  const mode = options.tls !== undefined && !target.sslMode.startsWith('verify') ? 'require' : target.sslMode
  const [first, second] = attemptsOf(mode)
  const attempt = async (isTls: boolean): Promise<OpenClient> => {
    const tls = isTls ? tlsOf(mode, await sharedTls(context)) : undefined
    return await tryToOpen(options, target, tls, setUp)
  }
  try {
    return await attempt(first!)
  } catch (error) {
    if (second === undefined || !isAboutTls(error as Error)) throw connectError(error, target, first!)
  }
  return await attempt(second).catch((error: unknown) => {
    throw connectError(error, target, second)
  })
}

/** Rejects with what the network or the server said. */
async function tryToOpen(
  options: PostgresOptions,
  target: PostgresTarget,
  tls: ConnectTls | undefined,
  setUp: string,
): Promise<OpenClient> {
  const socket = createSocket(tls)
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
    const limitMs = target.connectTimeoutMs ?? options.connectTimeoutMs
    await within(limitMs, () => setUpSession(client, timeoutOf(options) + setUp))
  } catch (error) {
    socket.destroy()
    throw fault ?? error
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

function newClient(target: PostgresTarget, socket: LightSocket): Client {
  const { host, port, user, database, password, applicationName, options } = target
  return new Client({
    host,
    port,
    user,
    database,
    // a function, so that pg reads neither the environment nor a password file
    password: () => password ?? '',
    application_name: applicationName,
    ...(options !== undefined && { options }),
    ssl: false,
    sslnegotiation: 'postgres',
    pipeline: true,
    stream: () => socket,
  })
}

function tlsOnSocket(): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: 'a Unix socket has no TLS',
    expected: 'a host and port for the option tls',
    next: "remove the option tls, or let the target's url name a host",
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
