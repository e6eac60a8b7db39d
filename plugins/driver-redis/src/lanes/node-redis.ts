import {
  connectionClosed,
  type ConnectTls,
  importClient,
  lostConnection,
  sharedTls,
  tlsTo,
  within,
} from '@cloudbench/driver-kit'
import type { RedisClientType } from 'redis'
import { connectionName } from '../client/connection-name.ts'
import { clients } from '../clients.ts'
import { connectError } from '../connect-error.ts'
import { type RedisTarget, targetOf } from '../target.ts'
import { awaitedSend } from './awaited.ts'
import type { OpenLane } from './lane.ts'

type NodeRedis = typeof import('redis')

/** node-redis as applications use it: `await client.get(key)`, on a socket of its own. */
export const openNodeRedis: OpenLane = async (context, load) => {
  const { options, folder, sockets, signal } = context
  const target = targetOf(context)
  const redis = await importClient<NodeRedis>(clients['node-redis'].package, folder, import.meta.url)
  signal.throwIfAborted()
  const name = connectionName(context)
  const client = createClient(redis, target, target.isTls ? await sharedTls(context) : undefined)
  let fault: Error | undefined
  let lost = (_error: Error): void => {}
  const broken = new Promise<never>((_, reject) => {
    // also the error of a connection that goes on, but whose replies cannot be read
    client.on('error', (error: Error) => {
      fault ??= error
      reject(error)
      lost(error)
    })
  })
  // it may break when nothing waits for it
  broken.catch(() => {})
  client.once('connect', () => {
    sockets.opened()
    const close = once(() => sockets.closed())
    client.once('terminated', close).once('end', close)
  })
  try {
    await within(options.connectTimeoutMs, () => Promise.race([connect(client, target, name), broken]))
  } catch (error) {
    client.destroy()
    // that says no more than what is said of every connection that ends
    const isClosed = error instanceof redis.SocketClosedUnexpectedlyError
    throw connectError(isClosed ? connectionClosed() : error, target)
  }
  const failure = (error: unknown): Error => lostConnection(fault ?? error)
  lost = (error) => {
    context.lost(failure(error))
    client.destroy()
  }
  if (fault !== undefined) lost(fault)
  const replyIn = (error: unknown): string | undefined =>
    error instanceof redis.ErrorReply ? error.message : undefined
  return {
    send: awaitedSend(client, { replyIn, failure }, load),
    async close() {
      lost = () => {}
      client.destroy()
    },
  }
}

/** The host decides what happens after a connection breaks. */
function createClient(
  { createClient: create }: NodeRedis,
  { host, port, path }: RedisTarget,
  tls: ConnectTls | undefined,
): RedisClientType {
  // how long it may take is up to the caller
  const common = { reconnectStrategy: false, connectTimeout: 0 } as const
  const socket =
    path === undefined
      ? { host, port, ...(tls !== undefined && { ...tlsTo(host, tls), tls: true }), ...common }
      : { path, ...common }
  return create({ socket: socket as object, RESP: 2, disableClientInfo: true }) as unknown as RedisClientType
}

/** Authenticates by hand, so that a refusal is an error of that command. */
async function connect(
  client: RedisClientType,
  { username, password, db }: RedisTarget,
  name: string | undefined,
): Promise<void> {
  await client.connect()
  if (password !== undefined)
    await client.sendCommand(['AUTH', ...(username === undefined ? [] : [username]), password])
  if (db !== 0) await client.sendCommand(['SELECT', String(db)])
  // a server may refuse it: a name is not worth a connection
  if (name !== undefined) await client.sendCommand(['CLIENT', 'SETNAME', name]).catch(() => {})
  await client.sendCommand(['PING'])
}

function once(run: () => void): () => void {
  let hasRun = false
  return () => {
    if (!hasRun) run()
    hasRun = true
  }
}
