import type { Link, Receiver } from '../client/link.ts'
import { fetchFrame, pointFetch, readFetched } from '../wire/fetch.ts'
import { noError, protocolError } from '../wire/protocol-errors.ts'
import { batchesIn, eachMessage } from '../wire/records.ts'

const fetchBytes = 1024 * 1024
/** How long the broker waits for a message, which ends the wait. */
const fetchWaitMs = 500

export interface FollowOptions {
  readonly topic: string
  readonly partition: number
  readonly startOffset: number
  onMessage(buffer: Buffer, from: number, to: number): void
  failed(error: Error): void
}

/** Reads a partition from an offset on, as long as the link is open. */
export function follow(
  link: Link,
  { topic, partition, startOffset, onMessage, failed }: FollowOptions,
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
      for (const batch of batchesIn(set)) {
        eachMessage(batch, (_, buffer, from, to) => onMessage(buffer, from, to))
        offset = batch.nextOffset
      }
      ask()
    },
  }
  ask()
}
