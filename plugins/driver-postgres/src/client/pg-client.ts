import { isIP } from 'node:net'
import { CloudbenchError } from '@cloudbench/core'
import { LightSocket, within, type ConnectTls } from '@cloudbench/driver-kit'
import { Client, type ClientConfig, type Settings } from 'pg'
import type { PostgresServer } from '../target.ts'
import { createSocket } from '../wire/socket.ts'
import { closeLimitMs, connectLimitOf, type Attempt, type Open, type OpenClient } from './attempt.ts'
import { watchOwnSocket, withCode } from './own-socket.ts'

/** A client of pg with an open connection. */
export interface PgClient extends OpenClient {
  readonly client: Client
}

/** The same on a light socket. */
export interface LightPgClient extends PgClient {
  readonly socket: LightSocket
}

/** Connects pg on a light socket, which what is measured may take over. */
export const openOnLightSocket: Open<LightPgClient> = async (server, attempt, tls) => {
  const socket = createSocket(tls, attempt.sockets)
  return { ...(await connectPg(server, attempt, socket)), socket }
}

/** Connects pg with sockets of its own, as in an application. */
export const openOnOwnSocket: Open<PgClient> = async (server, attempt, tls) => {
  if (tls !== undefined && isOtherName(tls.servername, server)) throw otherName()
  return await connectPg(server, attempt, tls)
}

/** @param through What it speaks through; TLS or none for a socket of its own. */
async function connectPg(
  server: PostgresServer,
  attempt: Pick<Attempt, 'target' | 'context' | 'sockets'>,
  through: LightSocket | ConnectTls | undefined,
): Promise<PgClient> {
  const client = newClient(server, attempt, through)
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
      if (!(through instanceof LightSocket)) watchOwnSocket(client.connection, attempt.sockets)
      return connecting
    })
  } catch (error) {
    client.connection.stream.destroy()
    throw withCode(fault ?? (error as Error))
  }
  return {
    client,
    server,
    fault: () => fault,
    hasEnded: () => hasEnded || fault !== undefined,
    onLost(lost) {
      client.on('error', lost)
      client.once('end', () => lost())
    },
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

function newClient(
  server: PostgresServer,
  { target, context }: Pick<Attempt, 'target' | 'context'>,
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

/** pg asks for the host of the url, whatever else it is told, unless that is an address. */
function isOtherName(servername: string | undefined, { host }: PostgresServer): boolean {
  return servername !== undefined && isIP(host) === 0 && host !== servername
}

function otherName(): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: 'pg asks a host for the certificate of its own name, and the option tls.servername is another',
    expected: 'an address in the url, or no tls.servername, with client: pg',
    next: 'remove tls.servername, or set the option client to wire or postgres.js',
  })
}
