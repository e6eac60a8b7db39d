import type { Sockets, TaskContext } from '@cloudbench/core'
import { type ConnectTls, sharedTls, tlsTo, within } from '@cloudbench/driver-kit'
import { Cluster, Redis, type RedisOptions as ClientOptions } from 'ioredis'
import { connectError, taskError } from '../connect-error.ts'
import type { RedisOptions } from '../options.ts'
import { parseTarget, type RedisTarget, targetOf } from '../target.ts'
import { countingConnector } from './counting-connector.ts'

type ClientSettings = Omit<ClientOptions, 'replyMapping'>

/** The host decides what happens after a connection breaks. */
const noSecondChance = {
  retryStrategy: null,
  reconnectOnError: null,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
} as unknown as ClientSettings

/** A client with an open connection. */
export interface OpenClient {
  readonly client: Redis | Cluster
  /** Why the connection broke, once it has. */
  readonly fault: () => Error | undefined
  close(): Promise<void>
}

/**
 * Connects, authenticates and selects the database.
 * @param sockets Is told of every connection, also those to the nodes of a cluster.
 * @param name What the connection is called, if the server lets it be.
 * @throws CloudbenchError that says what is in the way.
 */
export async function openClient(
  context: TaskContext<RedisOptions>,
  sockets?: Sockets,
  name?: string,
): Promise<OpenClient> {
  const { options, signal } = context
  const target = targetOf(context)
  signal.throwIfAborted()
  const tls = target.isTls ? await sharedTls(context) : undefined
  const client = options.cluster
    ? createCluster(options, target, countingConnector(tls, sockets), name)
    : createRedis(options, target, tls)
  let fault: Error | undefined
  // without a listener ioredis logs to the console
  client.on('error', (error: Error & { lastNodeError?: Error }) => {
    fault ??= error.lastNodeError ?? error
  })
  if (sockets && client instanceof Redis) countSocket(client, sockets)
  try {
    // a server that accepts connections and never answers must not block the run
    await within(options.connectTimeoutMs, () => connect(client, target, name))
  } catch (error) {
    client.disconnect()
    throw connectError(fault ?? error, target)
  }
  return { client, fault: () => fault, close: () => closeClient(client) }
}

function countSocket(client: Redis, sockets: Sockets): void {
  client.once('connect', () => {
    sockets.opened()
    client.once('close', () => sockets.closed())
  })
}

type Work<T> = (opened: OpenClient) => Promise<T>

/** Opens a client for a piece of work and closes it afterwards. */
export async function withClient<T>(context: TaskContext<RedisOptions>, work: Work<T>): Promise<T> {
  const opened = await openClient(context)
  try {
    return await work(opened)
  } catch (error) {
    throw taskError(error, parseTarget(context.target), opened.fault())
  } finally {
    await opened.close()
  }
}

function settingsOf({ connectTimeoutMs, autoPipelining = false }: RedisOptions): ClientSettings {
  return { disableClientInfo: true, connectTimeout: connectTimeoutMs, enableAutoPipelining: autoPipelining }
}

function createRedis(
  options: RedisOptions,
  { host, port, path }: RedisTarget,
  tls: ConnectTls | undefined,
): Redis {
  return new Redis({
    ...settingsOf(options),
    ...noSecondChance,
    ...(path === undefined ? { host, port } : { path }),
    ...(tls !== undefined && { tls: tlsTo(host, tls) }),
    lazyConnect: true,
    enableReadyCheck: false,
    protocol: 2,
  })
}

function createCluster(
  options: RedisOptions,
  { host, port, username, password }: RedisTarget,
  Connector: NonNullable<ClientSettings['Connector']>,
  connectionName?: string,
): Cluster {
  const { enableAutoPipelining, ...settings } = settingsOf(options)
  return new Cluster([{ host, port }], {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: enableAutoPipelining!,
    clusterRetryStrategy: null as never,
    redisOptions: {
      ...settings,
      Connector,
      ...(connectionName !== undefined && { connectionName }),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    },
  })
}

/** Authenticates by hand: ioredis logs to the console when the server needs no password. */
async function connect(
  client: Redis | Cluster,
  { username, password, db }: RedisTarget,
  name: string | undefined,
): Promise<void> {
  await client.connect()
  if (client instanceof Cluster) return
  if (password !== undefined)
    await client.call('AUTH', ...(username === undefined ? [] : [username]), password)
  if (db !== 0) await client.call('SELECT', db)
  // a server may refuse it: a name is not worth a connection
  if (name !== undefined) await client.call('CLIENT', 'SETNAME', name).catch(() => {})
  await client.call('PING')
}

async function closeClient(client: Redis | Cluster): Promise<void> {
  if (client.status === 'end') return
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  client.disconnect()
  await ended
}
