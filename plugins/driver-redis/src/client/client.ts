import { CloudbenchError, type Sockets, type TaskContext } from '@cloudbench/core'
import { sharedTls, within } from '@cloudbench/driver-kit'
import { Cluster, Redis, type RedisOptions as ClientOptions } from 'ioredis'
import { connectError, taskError } from '../connect-error.ts'
import type { RedisOptions } from '../options.ts'
import { parseTarget, type RedisTarget } from '../target.ts'
import { lightConnector } from './light-connector.ts'

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
export interface OpenClient<Client extends Redis | Cluster = Redis | Cluster> {
  readonly client: Client
  /** Why the connection broke, once it has. */
  readonly fault: () => Error | undefined
  close(): Promise<void>
}

/**
 * Connects, authenticates and selects the database.
 * @param sockets Is told of every connection, also those to the nodes of a cluster.
 * @throws CloudbenchError that says what is in the way.
 */
export async function openClient(context: TaskContext<RedisOptions>, sockets?: Sockets): Promise<OpenClient> {
  const { options, signal } = context
  const target = parseTarget(context.target)
  signal.throwIfAborted()
  if (options.cluster && target.db !== 0)
    throw new CloudbenchError({
      code: 'CB_TARGET',
      what: `a Redis Cluster has no database ${target.db}, only 0`,
      expected: 'a url without the number of a database, or cluster: false',
      next: "remove the path from the target's url",
    })
  if (target.path !== undefined && (options.cluster || options.tls !== undefined))
    throw new CloudbenchError({
      code: 'CB_TARGET',
      what: 'a Unix socket is used with neither TLS nor a cluster',
      expected: 'a host and port for the options tls and cluster',
      next: "remove these options, or let the target's url begin with redis:// or rediss://",
    })
  const settings: ClientSettings = {
    disableClientInfo: true,
    connectTimeout: options.connectTimeoutMs,
    Connector: lightConnector(target.isTls ? await sharedTls(context) : undefined, sockets),
  }
  const client = options.cluster ? createCluster(settings, target) : createRedis(settings, target)
  let fault: Error | undefined
  // without a listener ioredis logs to the console
  client.on('error', (error: Error & { lastNodeError?: Error }) => {
    fault ??= error.lastNodeError ?? error
  })
  try {
    // a server that accepts connections and never answers must not block the run
    await within(options.connectTimeoutMs, () => connect(client, target))
  } catch (error) {
    client.disconnect()
    throw connectError(fault ?? error, target)
  }
  return { client, fault: () => fault, close: () => closeClient(client) }
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

function createRedis(settings: ClientSettings, { host, port, path }: RedisTarget): Redis {
  return new Redis({
    ...settings,
    ...noSecondChance,
    ...(path === undefined ? { host, port } : { path }),
    lazyConnect: true,
    enableReadyCheck: false,
    protocol: 2,
  })
}

function createCluster(settings: ClientSettings, { host, port, username, password }: RedisTarget): Cluster {
  return new Cluster([{ host, port }], {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: null as never,
    redisOptions: {
      ...settings,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    },
  })
}

/** Authenticates by hand: ioredis logs to the console when the server needs no password. */
async function connect(client: Redis | Cluster, { username, password, db }: RedisTarget): Promise<void> {
  await client.connect()
  if (client instanceof Cluster) return
  if (password !== undefined)
    await client.call('AUTH', ...(username === undefined ? [] : [username]), password)
  if (db !== 0) await client.call('SELECT', db)
  await client.call('PING')
}

async function closeClient(client: Redis | Cluster): Promise<void> {
  if (client.status === 'end') return
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  client.disconnect()
  await ended
}
