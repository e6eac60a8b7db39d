import type { Sockets, TaskContext } from '@cloudbench/core'
import { LightSocket, sharedTls, within, type ConnectTls } from '@cloudbench/driver-kit'
import { Client, type ClientConfig, type Settings } from 'pg'
import { connectError } from '../connect-error.ts'
import type { PostgresOptions } from '../options.ts'
import type { PostgresServer, PostgresTarget } from '../target.ts'
import { createSocket } from '../wire/socket.ts'
import { watchOwnSocket, withCode } from './own-socket.ts'
import { attemptsOf, isAboutTls, tlsOf } from './ssl-mode.ts'

/** How long a server may take to close a connection. */
const closeLimitMs = 1_000

/** A client with an open connection. */
export interface OpenClient {
  readonly client: Client
  /** What it speaks through; undefined for a socket of pg's own. */
  readonly socket: LightSocket | undefined
  /** The one of the target's servers that it is connected to. */
  readonly server: PostgresServer
  /** Why the connection broke, once it has. */
  readonly fault: () => Error | undefined
  /** Whether the server has ended the connection. */
  readonly hasEnded: () => boolean
  /** Says goodbye to the server; with `isBusy`, without waiting for outstanding answers. */
  close(isBusy?: boolean): Promise<void>
}

export interface Attempt {
  readonly context: TaskContext<PostgresOptions>
  readonly target: PostgresTarget
  /** Is told of every connection that a server accepts. */
  readonly sockets: Sockets | undefined
  /** Whether pg uses its own sockets, as in an application. */
  readonly isOwn: boolean
}

/**
 * Connects to a server and authenticates: once, or with and without TLS, as its mode says.
 * @throws CloudbenchError that explains what went wrong.
 */
export async function connectTo(server: PostgresServer, attempt: Attempt): Promise<OpenClient> {
  const { context } = attempt
  const { tls: given } = context.options
  const mode = given !== undefined && !server.sslMode.startsWith('verify') ? 'require' : server.sslMode
  const [first, second] = attemptsOf(mode)
  const open = async (isTls: boolean): Promise<OpenClient> => {
    const tls = isTls ? tlsOf(mode, await sharedTls(context)) : undefined
    return await tryToConnect(server, attempt, tls)
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
export function connectLimitOf({ target, context }: Attempt): number {
  return target.connectTimeoutMs ?? context.options.connectTimeoutMs
}

/** Rejects with what the network or the server said. */
async function tryToConnect(
  server: PostgresServer,
  attempt: Attempt,
  tls: ConnectTls | undefined,
): Promise<OpenClient> {
  const socket = attempt.isOwn ? undefined : createSocket(tls, attempt.sockets)
  const client = newClient(server, attempt, socket ?? tls)
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
    await within(connectLimitOf(attempt), () => {
      const connecting = client.connect()
      if (socket === undefined) watchOwnSocket(client.connection, attempt.sockets)
      return connecting
    })
  } catch (error) {
    client.connection.stream.destroy()
    throw withCode(fault ?? (error as Error))
  }
  return {
    client,
    socket,
    server,
    fault: () => fault,
    hasEnded: () => hasEnded || fault !== undefined,
    close: (isBusy = false) => closeClient(client, isBusy),
  }
}

/** Tells the server what the target says. pg would add what it finds in the environment, such as PGOPTIONS. */
class TargetClient extends Client {
  readonly #settings: Settings

  constructor(config: ClientConfig, settings: Settings) {
    super(config)
    this.#settings = settings
  }

  override getStartupConf(): Settings {
    return this.#settings
  }
}

/** @param through What it speaks through; TLS or none for a socket of its own. */
function newClient(
  server: PostgresServer,
  { target, context }: Attempt,
  through: LightSocket | ConnectTls | undefined,
): Client {
  const { host, port, user, database, password } = server
  const { applicationName, options } = target
  const config: ClientConfig = {
    host,
    port,
    user,
    database,
    // a function, so that pg reads neither the environment nor a password file
    password: () => password ?? '',
    sslnegotiation: 'postgres',
    ...(through instanceof LightSocket
      ? { ssl: false, stream: () => through }
      : { ssl: through ?? false, pipeline: context.options.pipelining > 1 }),
  }
  const settings = { user, database, application_name: applicationName }
  return new TargetClient(config, options === undefined ? settings : { ...settings, options })
}

async function closeClient(client: Client, isBusy: boolean): Promise<void> {
  const { stream } = client.connection
  if (isBusy) stream.destroy()
  const limit = setTimeout(() => stream.destroy(), closeLimitMs)
  await client.end()
  clearTimeout(limit)
}
