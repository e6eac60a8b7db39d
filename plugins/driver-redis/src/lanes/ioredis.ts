import { connectionClosed, lostConnection } from '@cloudbench/driver-kit'
import { openClient } from '../client/client.ts'
import { connectionName } from '../client/connection-name.ts'
import { replyIn } from '../error-replies.ts'
import { awaitedSend } from './awaited.ts'
import type { OpenLane } from './lane.ts'

/** ioredis as applications use it: `await client.get(key)`, on a socket of its own. */
export const openIoredis: OpenLane = async (context, load) => {
  const { client, fault, close } = await openClient(context, context.sockets, connectionName(context))
  const failure = (error: unknown): Error => lostConnection(fault() ?? error)
  const lost = (): void => context.lost(failure(connectionClosed()))
  client.once('end', lost)
  // it may have ended before this
  if (client.status === 'end') lost()
  return { send: awaitedSend(client, { replyIn, failure }, load), close }
}
