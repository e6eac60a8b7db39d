import type { Sockets, TaskContext } from '@cloudbench/core'
import { sharedTls, type ConnectTls } from '@cloudbench/driver-kit'
import { connectError } from '../connect-error.ts'
import type { PostgresOptions } from '../options.ts'
import type { PostgresServer, PostgresTarget } from '../target.ts'
import { attemptsOf, isAboutTls, tlsOf } from './ssl-mode.ts'

/** How long a server may take to close a connection. */
export const closeLimitMs = 1_000

/** What runs SQL without parameters in a session of the server. */
export interface SqlSession {
  /** What the server calls its process; null if it has not said. */
  readonly processID: number | null
  query(sql: string): Promise<{
    readonly rows: readonly Readonly<Record<string, string | number | boolean | null>>[]
  }>
}

/** A client with an open connection. */
export interface OpenClient {
  readonly client: SqlSession
  /** The one of the target's servers that it is connected to. */
  readonly server: PostgresServer
  /** Why the connection broke, once it has. */
  readonly fault: () => Error | undefined
  /** Whether the server has ended the connection. */
  readonly hasEnded: () => boolean
  /** Calls back when the connection is lost or closed, with the reason if there is one; perhaps more than once. */
  onLost(lost: (error?: Error) => void): void
  /** Says goodbye to the server; with `isBusy`, without waiting for outstanding answers. */
  close(isBusy?: boolean): Promise<void>
}

/**
 * Connects a client to a server, in one way and once. Rejects with what the network or the server said.
 * @param tls Undefined for none.
 */
export type Open<Opened extends OpenClient> = (
  server: PostgresServer,
  attempt: Attempt<Opened>,
  tls: ConnectTls | undefined,
) => Promise<Opened>

export interface Attempt<Opened extends OpenClient = OpenClient> {
  readonly context: TaskContext<PostgresOptions>
  readonly target: PostgresTarget
  /** Is told of every connection that a server accepts. */
  readonly sockets: Sockets | undefined
  readonly open: Open<Opened>
}

/**
 * Connects to a server and authenticates: once, or with and without TLS, as its mode says.
 * @throws CloudbenchError that explains what went wrong.
 */
export async function connectTo<Opened extends OpenClient>(
  server: PostgresServer,
  attempt: Attempt<Opened>,
): Promise<Opened> {
  const { context } = attempt
  const { tls: given } = context.options
  const mode = given !== undefined && !server.sslMode.startsWith('verify') ? 'require' : server.sslMode
  const [first, second] = attemptsOf(mode)
  const open = async (isTls: boolean): Promise<Opened> => {
    const tls = isTls ? tlsOf(mode, await sharedTls(context)) : undefined
    return await attempt.open(server, attempt, tls)
  }
  try {
    return await open(first!)
  } catch (error) {
    if (second === undefined || !isAboutTls(error as Error)) throw connectError(error, server, first!)
  }
  return await open(second).catch((error: unknown) => {
    throw connectError(error, server, second)
  })
}

/** How long a server may take to let a client in. */
export function connectLimitOf({ target, context }: Pick<Attempt, 'target' | 'context'>): number {
  return target.connectTimeoutMs ?? context.options.connectTimeoutMs
}
