import type { Outcome, Slot } from '@cloudbench/core'
import type { Lane, Load } from './lane.ts'

/** A client library, as an application uses it. */
interface Client {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<unknown>
}

/** What its errors mean. */
interface Errors {
  /** What the server has replied, if that is the error. */
  replyIn(error: unknown): string | undefined
  /** The error, with a code, of requests on a lost connection. */
  failure(error: unknown): Error
}

/** Sends requests by a client library whose commands are awaited. */
export function awaitedSend(
  client: Client,
  { replyIn, failure }: Errors,
  { planner, keyspace, judge }: Load,
): Lane['send'] {
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
  return (slot) => void send(slot)
}
