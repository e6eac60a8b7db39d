import type { TaskContext } from '@cloudbench/core'
import { connectionClosed, importClient, within } from '@cloudbench/driver-kit'
import type postgres from 'postgres'
import { clients } from '../clients.ts'
import { type PostgresOptions, rowBytesOf } from '../options.ts'
import type { PostgresServer } from '../target.ts'
import { largestReplyBytes } from '../wire/reader.ts'
import {
  type Attempt,
  closeLimitMs,
  connectLimitOf,
  type Open,
  type OpenClient,
  type SqlSession,
} from './attempt.ts'
import { createNodeSocket, type NodeSocket } from './node-socket.ts'
import { createSessionWatch } from './session-watch.ts'

type PostgresJs = typeof postgres

/** A client of postgres.js with its one connection open. */
export interface PostgresJsClient extends OpenClient {
  readonly sql: postgres.Sql
  /** Ends the connection, because what came over it makes no sense. */
  fail(error: Error): void
}

/** Statements in flight on one connection, as long as no one asks for more. */
const defaultPipeline = 100

/**
 * Loads postgres.js, which users install.
 * @returns What connects it.
 */
export async function importPostgresJs({
  folder,
  signal,
}: TaskContext<PostgresOptions>): Promise<Open<PostgresJsClient>> {
  const name = clients['postgres.js'].package
  const { default: create } = await importClient<{ readonly default: PostgresJs }>(
    name,
    folder,
    import.meta.url,
  )
  signal.throwIfAborted()
  return (server, attempt, tls) => {
    const limitBytes = largestReplyBytes + rowBytesOf(attempt.context.options)
    const watch = createSessionWatch(server.password, limitBytes)
    const socket = createNodeSocket({ server, tls, sockets: attempt.sockets, watch: watch.read })
    const fault = (): Error | undefined => watch.farewell() ?? socket.fault()
    const sql = withoutVariable(() => create(optionsOf(server, attempt, socket)))
    const client = sessionOf(sql, watch.processID)
    return connect(client, { server, attempt, sql, socket, fault })
  }
}

interface Connecting extends Pick<PostgresJsClient, 'server' | 'sql' | 'fault'> {
  readonly attempt: Attempt<PostgresJsClient>
  readonly socket: NodeSocket
}

async function connect(
  client: SqlSession,
  { server, attempt, sql, socket, fault }: Connecting,
): Promise<PostgresJsClient> {
  try {
    // it connects for a query, and not before there is one
    await within(connectLimitOf(attempt), () => client.query(''))
  } catch (error) {
    socket.destroy(error as Error)
    void sql.end({ timeout: 0 })
    throw fault() ?? error
  }
  return {
    client,
    sql,
    server,
    fault,
    hasEnded: () => socket.hasEnded() || fault() !== undefined,
    onLost: socket.onLost,
    fail: socket.destroy,
    async close(isBusy = false) {
      if (isBusy) socket.destroy(connectionClosed())
      await sql.end({ timeout: isBusy ? 0 : closeLimitMs / 1_000 })
      socket.destroy()
    },
  }
}

function sessionOf(sql: postgres.Sql, processID: () => number | null): SqlSession {
  return {
    get processID() {
      return processID()
    },
    query: async (text) => ({ rows: await sql.unsafe(text) }),
  }
}

/**
 * What an application would leave to the environment is said, and so are its defaults. What is different: one connection,
 * which is opened once and kept, without queries of the library's own.
 */
function optionsOf(
  { host, port, user, database, password }: PostgresServer,
  { target, context }: Attempt<PostgresJsClient>,
  socket: NodeSocket,
): postgres.Options<{}> {
  const { applicationName, options } = target
  // its types leave out socket and sslnegotiation
  const given = {
    host,
    port,
    user,
    database,
    // a function, so that an empty one is not looked for in the environment
    pass: () => password ?? '',
    connection: { application_name: applicationName, ...(options !== undefined && { options }) },
    socket: () => socket.open(),
    // the socket has TLS already
    ssl: false,
    sslnegotiation: null,
    max: 1,
    backoff: false,
    // how long it may take is up to the caller
    connect_timeout: 0,
    idle_timeout: 0,
    max_lifetime: 0,
    fetch_types: false,
    max_pipeline: Math.max(defaultPipeline, context.options.pipelining),
    keep_alive: 60,
    prepare: true,
    debug: false,
    publications: 'alltables',
    // it would print them
    onnotice() {},
  }
  return given
}

/** The one variable that no option keeps postgres.js from reading, which it does at once. */
const variable = 'PGTARGETSESSIONATTRS'

function withoutVariable<Result>(create: () => Result): Result {
  const { env } = process
  const kept = env[variable]
  if (kept === undefined) return create()
  delete env[variable]
  try {
    return create()
  } finally {
    env[variable] = kept
  }
}
