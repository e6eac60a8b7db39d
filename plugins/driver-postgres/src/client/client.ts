import { isIP } from 'node:net'
import { CloudbenchError, type Sockets, type TaskContext } from '@cloudbench/core'
import { within } from '@cloudbench/driver-kit'
import { connectError, taskError } from '../connect-error.ts'
import type { PostgresOptions } from '../options.ts'
import { parseTarget, type PostgresTarget } from '../target.ts'
import { connectLimitOf, connectTo, type Attempt, type OpenClient } from './attempt.ts'
import { poolerOf, refuseState, type Pooler } from './pooler.ts'
import { openOneOf } from './servers.ts'

/** A client whose session is ready for the load. */
export interface OpenSession extends OpenClient {
  readonly pooler: Pooler
}

/**
 * Connects, authenticates, and runs the SQL that sets the session up.
 * @param setUp By whether the session lasts.
 * @param isOwn Whether pg uses its own sockets, as in an application.
 * @throws CloudbenchError that explains what went wrong.
 */
export async function openSession(
  context: TaskContext<PostgresOptions> & { readonly sockets: Sockets },
  setUp: (pooler: Pooler) => string,
  isOwn = false,
): Promise<OpenSession> {
  const attempt = attemptOf(context, context.sockets, isOwn)
  const opened = await openOneOf(attempt)
  const { client, server, fault } = opened
  try {
    const pooler = await within(connectLimitOf(attempt), () =>
      poolerOf(context, opened, () => connectTo(server, attempt)),
    )
    refuseState(context.options, pooler, server)
    const sql = timeoutOf(context.options) + setUp(pooler)
    if (sql !== '') await within(connectLimitOf(attempt), () => client.query(sql))
    return { ...opened, pooler }
  } catch (error) {
    await opened.close(true)
    throw connectError(fault() ?? error, server, false)
  }
}

/** For preparing, observing and auditing, which may take as long as they need. */
export async function openTask(context: TaskContext<PostgresOptions>): Promise<OpenClient> {
  return await openOneOf(attemptOf(context))
}

/** Whether a pooler hands on the session of a task. */
export async function poolerOfTask(
  context: TaskContext<PostgresOptions>,
  opened: OpenClient,
): Promise<Pooler> {
  return await poolerOf(context, opened, () => connectTo(opened.server, attemptOf(context)))
}

export async function withClient<Result>(
  context: TaskContext<PostgresOptions>,
  work: (opened: OpenClient) => Promise<Result>,
): Promise<Result> {
  const opened = await openTask(context)
  try {
    return await work(opened)
  } catch (error) {
    throw taskError(error, opened.server, opened.fault())
  } finally {
    await opened.close()
  }
}

function attemptOf(context: TaskContext<PostgresOptions>, sockets?: Sockets, isOwn = false): Attempt {
  const { options, signal } = context
  signal.throwIfAborted()
  const target = parseTarget(context.target)
  if (options.tls !== undefined && target.servers.some(({ host }) => host.startsWith('/')))
    throw tlsOnSocket()
  if (isOwn && isOtherName(options.tls?.servername, target)) throw otherName()
  return { context, target, sockets, isOwn }
}

/** pg asks for the host of the url, whatever else it is told, unless that is an address. */
function isOtherName(servername: string | undefined, { servers }: PostgresTarget): boolean {
  return servername !== undefined && servers.some(({ host }) => isIP(host) === 0 && host !== servername)
}

function otherName(): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: 'pg asks a host for the certificate of its own name, and the option tls.servername is another',
    expected: 'an address in the url, or no tls.servername, with client: pg',
    next: 'remove tls.servername, or set the option client to wire',
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

function timeoutOf({ statementTimeoutMs }: PostgresOptions): string {
  return statementTimeoutMs === undefined ? '' : `SET statement_timeout = ${Math.ceil(statementTimeoutMs)};`
}
