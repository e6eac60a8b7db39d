import { CloudbenchError, type Sockets, type TaskContext } from '@cloudbench/core'
import { within } from '@cloudbench/driver-kit'
import { connectError, taskError } from '../connect-error.ts'
import type { PostgresOptions } from '../options.ts'
import { parseTarget } from '../target.ts'
import { connectLimitOf, connectTo, type Attempt, type Open, type OpenClient } from './attempt.ts'
import { openOnLightSocket, type PgClient } from './pg-client.ts'
import { poolerOf, refuseState, type Pooler } from './pooler.ts'
import { openOneOf } from './servers.ts'

/** A client whose session is ready for the load. */
export type OpenSession<Opened extends OpenClient> = Opened & { readonly pooler: Pooler }

/**
 * Connects, authenticates, and runs the SQL that sets the session up.
 * @param setUp By whether the session lasts.
 * @param open By the client that is wanted.
 * @throws CloudbenchError that explains what went wrong.
 */
export async function openSession<Opened extends OpenClient>(
  context: TaskContext<PostgresOptions> & { readonly sockets: Sockets },
  setUp: (pooler: Pooler) => string,
  open: Open<Opened>,
): Promise<OpenSession<Opened>> {
  const attempt = attemptOf(context, open, context.sockets)
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
    // before closing it, which is a reason too
    const why = connectError(fault() ?? error, server, false)
    await opened.close(true)
    throw why
  }
}

/** For preparing, observing and auditing, which may take as long as they need. */
export async function openTask(context: TaskContext<PostgresOptions>): Promise<PgClient> {
  return await openOneOf(attemptOf(context, openOnLightSocket))
}

/** Whether a pooler hands on the session of a task. */
export async function poolerOfTask(
  context: TaskContext<PostgresOptions>,
  opened: OpenClient,
): Promise<Pooler> {
  return await poolerOf(context, opened, () =>
    connectTo(opened.server, attemptOf(context, openOnLightSocket)),
  )
}

export async function withClient<Result>(
  context: TaskContext<PostgresOptions>,
  work: (opened: PgClient) => Promise<Result>,
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

function attemptOf<Opened extends OpenClient>(
  context: TaskContext<PostgresOptions>,
  open: Open<Opened>,
  sockets?: Sockets,
): Attempt<Opened> {
  const { options, signal } = context
  signal.throwIfAborted()
  const target = parseTarget(context.target)
  if (options.tls !== undefined && target.servers.some(({ host }) => host.startsWith('/')))
    throw tlsOnSocket()
  return { context, target, sockets, open }
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
