import { setTimeout as sleep } from 'node:timers/promises'
import type { TaskContext } from '@cloudbench/core'
import { Cluster, Redis, type RedisOptions as ClientOptions } from 'ioredis'
import { connectError } from './connect-error.ts'
import { LightConnector } from './light-connector.ts'
import type { RedisOptions } from './options.ts'
import { parseTarget, type RedisTarget } from './target.ts'
import { sharedTls } from '@cloudbench/driver-kit'

type ClientSettings = Omit<ClientOptions, 'replyMapping'>

/** Whatever happens to a connection, the host decides what to do about it. */
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
  const target = parseTarget(context.target)
  return context.options.cluster ? await openCluster(context, target) : await openRedis(context, target)
}

async function openRedis(
  { options, share, log, signal }: TaskContext<RedisOptions>,
  target: RedisTarget,
): Promise<OpenClient<Redis>> {
  signal.throwIfAborted()
  const settings: ClientSettings = {
    ...noSecondChance,
    host: target.host,
    port: target.port,
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
    connectTimeout: options.connectTimeoutMs,
    ...(target.isTls ? { tls: await sharedTls({ options, share, log }) } : { Connector: LightConnector }),
  }
  const client = new Redis(settings)
  let fault: Error | undefined
  // whoever does not listen is told on the console
  client.on('error', (error: Error) => {
    fault ??= error
  })
  try {
    await answering(
      client.connect().then(() => greet(client, target)),
      options.connectTimeoutMs,
    )
  } catch (error) {
    client.disconnect()
    throw connectError(fault ?? error, target)
  }
  return { client, fault: () => fault, close: () => closeClient(client) }
}

/** A server that takes connections and says nothing must not hold us up. */
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

/** By hand, because ioredis writes to the console when a password was not needed. */
async function greet(client: Redis, { username, password, db }: RedisTarget): Promise<void> {
  if (password !== undefined)
    await client.call('AUTH', ...(username === undefined ? [] : [username]), password)
  if (db !== 0) await client.call('SELECT', db)
  await client.call('PING')
}

async function openCluster(
  { options, share, log }: TaskContext<RedisOptions>,
  target: RedisTarget,
): Promise<OpenClient<Cluster>> {
  const client = new Cluster([{ host: target.host, port: target.port }], {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: null as never,
    redisOptions: {
      disableClientInfo: true,
      connectTimeout: options.connectTimeoutMs,
      ...(target.username !== undefined && { username: target.username }),
      ...(target.password !== undefined && { password: target.password }),
      ...(target.isTls && { tls: await sharedTls({ options, share, log }) }),
    },
  })
  let fault: Error | undefined
  client.on('error', (error: Error & { lastNodeError?: Error }) => {
    fault ??= error.lastNodeError ?? error
  })
  try {
    await answering(client.connect(), options.connectTimeoutMs)
  } catch (error) {
    client.disconnect()
    throw connectError(fault ?? error, target)
  }
  return { client, fault: () => fault, close: () => closeClient(client) }
}

async function closeClient(client: Redis | Cluster): Promise<void> {
  if (client.status === 'end') return
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()))
  client.disconnect()
  await ended
}
