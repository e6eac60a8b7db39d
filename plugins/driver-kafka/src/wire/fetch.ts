import type { Link } from '../client/link.ts'
import { api } from './api.ts'
import { noError, protocolError } from './protocol-errors.ts'
import type { Reader } from './reader.ts'
import { frameOf, Writer } from './writer.ts'

export interface FetchFrom {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly maxBytes: number
  /** How long the broker may wait for the first message. */
  readonly maxWaitMs: number
}

/** What a broker answers for one partition. */
export interface Fetched {
  readonly code: number
  /** Where the partition starts; -1 when the broker does not say. */
  readonly startOffset: number
  /** Where the partition ends. */
  readonly endOffset: number
  /** Whole batches, and perhaps the start of another; good as long as the answer is. */
  readonly set: Buffer
}

/** Reads one partition once. @returns the batches. @throws Error with the protocol's name as its code. */
export async function askFetch(link: Link, from: FetchFrom): Promise<Buffer> {
  const { code, set } = await link.ask(api.fetch, bodyOf(from), (answer) => {
    const fetched = readFetched(answer)
    return { ...fetched, set: Buffer.from(fetched.set) }
  })
  if (code !== noError) throw protocolError(code, `reading partition ${from.partition} of ${from.topic}`)
  return set
}

/** The whole request, to be sent repeatedly with other offsets: see `pointFetch`. */
export function fetchFrame(from: FetchFrom): Buffer {
  return frameOf(api.fetch, 0, bodyOf(from))
}

const correlationAt = 8
/** From the offset to the end: the offset itself, where the log starts, the limit, no forgotten topics, no rack. */
const tailBytes = 8 + 8 + 4 + 4 + 2

/** Turns a frame into the next request of a link, from another offset. */
export function pointFetch(frame: Buffer, link: Link, offset: number): void {
  frame.writeInt32BE(link.correlation, correlationAt)
  const at = frame.length - tailBytes
  frame.writeInt32BE(Math.floor(offset / 4_294_967_296), at)
  frame.writeUInt32BE(offset % 4_294_967_296, at + 4)
}

export function readFetched(answer: Reader): Fetched {
  answer.int32()
  const failed = answer.int16()
  answer.int32()
  if (failed !== noError) return { code: failed, startOffset: -1, endOffset: -1, set: Buffer.alloc(0) }
  answer.onlyPartition()
  const code = answer.int16()
  const endOffset = answer.int64()
  answer.int64()
  const startOffset = answer.int64()
  for (let aborted = answer.int32(); aborted > 0; aborted--) {
    answer.int64()
    answer.int64()
  }
  answer.int32()
  return { code, startOffset, endOffset, set: answer.bytes() }
}

function bodyOf({ topic, partition, offset, maxBytes, maxWaitMs }: FetchFrom): Buffer {
  return new Writer()
    .int32(-1)
    .int32(maxWaitMs)
    .int32(1)
    .int32(maxBytes)
    .int8(0)
    .int32(0)
    .int32(-1)
    .int32(1)
    .string(topic)
    .int32(1)
    .int32(partition)
    .int32(-1)
    .int64(offset)
    .int64(-1)
    .int32(maxBytes)
    .int32(0)
    .string('').written
}
