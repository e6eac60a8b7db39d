import { setTimeout as sleep } from 'node:timers/promises'
import type { TaskContext } from '@cloudbench/core'
import { sharedTls } from '@cloudbench/driver-kit'
import { Cluster, Redis, type RedisOptions as ClientOptions } from 'ioredis'
import { connectError } from '../connect-error.ts'
import type { RedisOptions } from '../options.ts'
import { parseTarget, type RedisTarget } from '../target.ts'
import { LightConnector } from './light-connector.ts'

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
 * @throws CloudbenchError that says what is in the way.
 */
export async function openClient(context: TaskContext<RedisOptions>): Promise<OpenClient> {
  const { options, signal } = context
  const target = parseTarget(context.target)
  signal.throwIfAborted()
  const client = options.cluster ? await createCluster(context, target) : await createRedis(context, target)
  let fault: Error | undefined
  // without a listener ioredis logs to the console
  client.on('error', (error: Error & { lastNodeError?: Error }) => {
    fault ??= error.lastNodeError ?? error
  })
  try {
    await answering(connect(client, target), options.connectTimeoutMs)
  } catch (error) {
    client.disconnect()
    throw connectError(fault ?? error, target)
  }
  return { client, fault: () => fault, close: () => closeClient(client) }
}

/** Opens a client for a piece of work and closes it afterwards. */
export async function withClient<T>(
  context: TaskContext<RedisOptions>,
  work: (opened: OpenClient) => Promise<T>,
): Promise<T> {
  const opened = await openClient(context)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

async function createRedis(
  context: TaskContext<RedisOptions>,
  { host, port, isTls }: RedisTarget,
): Promise<Redis> {
  const settings: ClientSettings = {
    ...noSecondChance,
    host,
    port,
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
    connectTimeout: context.options.connectTimeoutMs,
    ...(isTls ? { tls: await sharedTls(context) } : { Connector: LightConnector }),
  }
  return new Redis(settings)
}

async function createCluster(
  context: TaskContext<RedisOptions>,
  { host, port, username, password, isTls }: RedisTarget,
): Promise<Cluster> {
  return new Cluster([{ host, port }], {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: null as never,
    redisOptions: {
      disableClientInfo: true,
      connectTimeout: context.options.connectTimeoutMs,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(isTls && { tls: await sharedTls(context) }),
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

/** A server that accepts connections and never answers must not block the run. */
async function answering(opening: Promise<void>, limitMs: number): Promise<void> {
  const limit = new AbortController()
  try {
    await Promise.race([
      opening,
      sleep(limitMs, undefined, { signal: limit.signal }).then(() => {
        throw Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })
      }),
    ])
  } finally {
    limit.abort()
  }
}

async function closeClient(client: Redis | Cluster): Promise<void> {
  if (client.status === 'end') return
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  client.disconnect()
  await ended
}
