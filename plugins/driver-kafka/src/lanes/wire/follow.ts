import type { Link, Receiver } from '../../client/link.ts'
import { fetchFrame, pointFetch, readFetched } from '../../wire/fetch.ts'
import { noError, protocolError } from '../../wire/protocol-errors.ts'
import { batchesIn, eachMessage, isDamage } from '../../wire/records.ts'
import type { FollowOptions } from '../lane.ts'

const fetchBytes = 1024 * 1024
/** How long the broker waits for a message, which ends the wait. */
const fetchWaitMs = 500

/** Reads a partition from an offset on, as long as the link is open. */
export function follow(
  link: Link,
  { topic, partition, startOffset, onMessage, damaged }: FollowOptions,
  failed: (error: Error) => void,
): void {
  const frame = fetchFrame({
    topic,
    partition,
    offset: startOffset,
    maxBytes: fetchBytes,
    maxWaitMs: fetchWaitMs,
  })
  let offset = startOffset
  const ask = (): void => {
    pointFetch(frame, link, offset)
    link.send(receiver, frame)
  }
  const receiver: Receiver = {
    received(answer) {
      const { code, set } = readFetched(answer)
      if (code !== noError) {
        failed(protocolError(code, `reading partition ${partition} of ${topic}`))
        return
      }
      try {
        for (const batch of batchesIn(set)) {
          eachMessage(batch, (_, buffer, from, to) => onMessage(buffer, from, to))
          offset = batch.nextOffset
        }
      } catch (error) {
        if (isDamage(error)) damaged(error as Error)
        throw error
      }
      ask()
    },
  }
  ask()
}
