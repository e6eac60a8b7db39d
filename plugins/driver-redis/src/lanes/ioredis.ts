import type { Outcome, Slot } from '@cloudbench/core'
import { connectionClosed, lostConnection } from '@cloudbench/driver-kit'
import { openClient } from '../client/client.ts'
import { replyIn } from '../error-replies.ts'
import type { OpenLane } from './lane.ts'

/** ioredis as applications use it: `await client.get(key)`, on a socket of its own. */
export const openIoredis: OpenLane = async (context, { planner, keyspace, judge }) => {
  const { client, fault, close } = await openClient(context, context.sockets)
  const failure = (error: unknown): Error => lostConnection(fault() ?? error)
  const lost = (): void => context.lost(failure(connectionClosed()))
  client.once('end', lost)
  // it may have ended before this
  if (client.status === 'end') lost()

  const send = async (slot: Slot): Promise<void> => {
    const { isRead, index, sequence } = planner
    const key = keyspace.keyOf(index)
    let outcome: Outcome
    try {
      if (isRead) {
        const value = await client.get(key)
        outcome = value === null ? judge.missing() : judge.text(index, value)
      } else {
        await client.set(key, keyspace.valueOf(index, judge.writer, sequence))
        outcome = judge.stored(index, sequence)
      }
    } catch (error) {
      // an error reply is an answer; any other error means that none will come
      const reply = replyIn(error)
      if (reply === undefined) {
        if (!isRead) judge.lost(index)
        slot.fail(failure(error))
        return
      }
      outcome = judge.refused(isRead, reply)
    }
    slot.done(outcome)
  }
  return { send: (slot) => void send(slot), close }
}
