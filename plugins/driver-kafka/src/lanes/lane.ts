import type { Awaitable, DriverContext, RequestTrace, Slot } from '@cloudbench/core'
import type { Reading } from '../audit/reading.ts'
import type { OpenTopic } from '../client/topic.ts'
import type { ConsumeOptions } from '../options.ts'
import type { Compression } from '../wire/compression.ts'

/** A way to speak to a cluster: by frames of our own, or by a client library as applications use it. */
export interface Lane {
  /** The load runs over the links of the topic. Other lanes open connections of their own, and the links are closed. */
  readonly usesLinks: boolean
  /** Whether batches that are under way at the same time are stored in the order in which they were sent. */
  keepsOrder(options: Pick<ProducerOptions, 'batchesInFlight' | 'inFlight'>): boolean
  openProducer(topic: OpenTopic, options: ProducerOptions): Promise<Producer>
  /** Reads partitions from their beginning to their end, again and again. A request is what comes next. */
  openConsumer(
    context: DriverContext<ConsumeOptions>,
    topic: OpenTopic,
    begun: readonly Begun[],
    reading: Reading,
  ): Promise<Consumer>
  /** Reads a partition from an offset on. Resolves when it will miss nothing. */
  follow(topic: OpenTopic, options: FollowOptions): Promise<Follower>
}

/** Messages that travel together. Each keeps its own slot. */
export interface Batch {
  readonly slots: readonly Slot[]
  readonly count: number
  readonly partition: number
  /** Sequence number of its first message; the others follow without a gap. */
  readonly firstSequence: number
}

export interface ProducerOptions {
  readonly topic: string
  /** Place of the partition of the first batch; the others take turns. */
  readonly firstPartition: number
  /** -1: all in-sync replicas, 1: the leader, 0: no acknowledgement. */
  readonly acks: -1 | 0 | 1
  readonly ackTimeoutMs: number
  readonly compression: Compression
  /** Messages fill a batch up to this many bytes; a single larger one is a batch by itself. */
  readonly batchBytes: number
  /** Bytes of every value. */
  readonly valueBytes: number
  readonly lingerMs: number
  readonly batchesInFlight: number
  /** At most this many messages are in flight. */
  readonly inFlight: number
  readonly isIdempotent: boolean
  /** What each message carries, as its header `traceparent`. */
  readonly trace?: RequestTrace | undefined
  /** Writes a value of that size. */
  writeValue(buffer: Buffer, at: number, sequence: number, index: number): void
  /** Every message of a batch is stored, from this offset on; -1 without acknowledgements. */
  stored(batch: Batch, baseOffset: number): void
  /** The broker refused a batch, in its own words if it has any. */
  refused(batch: Batch, code: number, said: string | undefined): void
  /** Nothing more will be stored or refused. */
  broken(error: Error): void
}

/** Collects messages into batches and sends them, in order, as long as not too many are in flight. */
export interface Producer {
  /** Sequence number of the next message. */
  readonly sequence: number
  append(slot: Slot): void
  /** The connection is dead: gives back what has not left. */
  giveBack(error: Error): void
  /** Sends no more. */
  stop(): void
  close(): Awaitable<void>
}

/** A partition that is to be read, and where it starts. */
export interface Begun {
  readonly partition: number
  readonly startOffset: number
}

export interface Consumer {
  issue(slot: Slot): void
  close(): Awaitable<void>
}

export interface FollowOptions {
  readonly topic: string
  readonly partition: number
  readonly startOffset: number
  onMessage(buffer: Buffer, from: number, to: number): void
  /** The broker returned something else than what was written. */
  damaged(error: Error): void
}

export interface Follower {
  close(): Awaitable<void>
}
