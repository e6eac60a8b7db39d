import type { RequestTrace, Slot } from '@cloudbench/core'
import type { Link, Receiver } from '../client/link.ts'
import { api } from './api.ts'
import { layout, magic } from './batch-layout.ts'
import type { Codec } from './compression.ts'
import { crc32c } from './crc32c.ts'
import { noError } from './protocol-errors.ts'
import type { Reader } from './reader.ts'
import type { ProducerId } from './requests.ts'
import { traceHeaderBytes, writeTraceHeader } from './trace-header.ts'
import { varintSize, writeVarint } from './varint.ts'
import { frameOf, Writer } from './writer.ts'

/** What all batches of a producer have in common. */
export interface BatchOwner {
  readonly topic: string
  /** Numbers of the partitions that they take turns over. */
  readonly partitions: readonly number[]
  /** -1: all in-sync replicas, 1: the leader, 0: no acknowledgement. */
  readonly acks: -1 | 0 | 1
  readonly ackTimeoutMs: number
  readonly codec: Codec | undefined
  /** Records fill a batch up to this many bytes; a single larger one is a batch by itself. */
  readonly batchBytes: number
  /** Bytes of every value. */
  readonly valueBytes: number
  /** What each message carries. */
  readonly trace?: RequestTrace | undefined
  /** Writes a value of that size. */
  writeValue(buffer: Buffer, at: number, sequence: number, index: number): void
  /** @param said What the broker says of a refusal, if anything. */
  answered(batch: Batch, code: number, baseOffset: number, said?: string): void
}

/** At most, for all of a record but its value and a trace context: lengths and deltas. */
const recordOverheadBytes = 32
const correlationAt = 8

/**
 * Messages that travel together, with the whole Produce request around them, in one buffer that is reused. Each message
 * keeps its own slot.
 */
export class Batch implements Receiver {
  readonly slots: Slot[] = []
  /** Of its partition, among those of the producer. */
  place = 0
  partition = 0
  /** Sequence number of its first message; the others follow without a gap. */
  firstSequence = 0
  readonly written: () => void
  readonly #owner: BatchOwner
  readonly #buffer: Buffer
  /** Where the record batch starts, after the head of the request. */
  readonly #start: number
  readonly #limit: number
  /** At most, of a record. */
  readonly #recordBytes: number
  #end: number
  #baseTimestamp = 0
  #timestamp = 0

  constructor(owner: BatchOwner) {
    this.#owner = owner
    const head = requestHead(owner)
    this.#recordBytes = owner.valueBytes + recordOverheadBytes + (owner.trace ? traceHeaderBytes : 0)
    this.#start = head.length
    this.#end = head.length + layout.records
    this.#limit = this.#end + owner.batchBytes
    this.#buffer = Buffer.allocUnsafeSlow(this.#end + Math.max(owner.batchBytes, this.#recordBytes))
    head.copy(this.#buffer)
    this.written = () => owner.answered(this, noError, -1)
  }

  get count(): number {
    return this.slots.length
  }

  /** Whether one more message would make it too large. */
  get isFull(): boolean {
    return this.#end + this.#recordBytes > this.#limit
  }

  reset(place: number, firstSequence: number): void {
    this.slots.length = 0
    this.place = place
    this.partition = this.#owner.partitions[place]!
    this.firstSequence = firstSequence
    this.#end = this.#start + layout.records
  }

  append(slot: Slot): void {
    const buffer = this.#buffer
    const { valueBytes, trace } = this.#owner
    const headerBytes = trace ? traceHeaderBytes : 1
    const delta = this.slots.length
    const nowMs = Date.now()
    if (delta === 0) this.#baseTimestamp = this.#timestamp = nowMs
    // the wall clock may be set back
    else if (nowMs > this.#timestamp) this.#timestamp = nowMs
    const timestampDelta = this.#timestamp - this.#baseTimestamp
    const length =
      1 +
      varintSize(timestampDelta) +
      varintSize(delta) +
      1 +
      varintSize(valueBytes) +
      valueBytes +
      headerBytes
    let at = writeVarint(buffer, this.#end, length)
    buffer[at++] = 0
    at = writeVarint(buffer, at, timestampDelta)
    at = writeVarint(buffer, at, delta)
    // no key: the varint of -1
    buffer[at++] = 1
    at = writeVarint(buffer, at, valueBytes)
    this.#owner.writeValue(buffer, at, this.firstSequence + delta, slot.index)
    at += valueBytes
    if (trace) at = writeTraceHeader(trace, slot.index, buffer, at)
    // no headers
    else buffer[at++] = 0
    this.#end = at
    this.slots.push(slot)
  }

  /** Sends it. With a producer id, the broker stores it at most once. */
  send(link: Link, producer: ProducerId | undefined, baseSequence: number): void {
    const buffer = this.#buffer
    const start = this.#start
    const { codec, acks } = this.#owner
    const recordsAt = start + layout.records
    const packed = codec?.compress(buffer.subarray(recordsAt, this.#end))
    const batchBytes = layout.records + (packed?.length ?? this.#end - recordsAt)
    buffer.writeInt32BE(start - 4 + batchBytes, 0)
    buffer.writeInt32BE(link.correlation, correlationAt)
    buffer.writeInt32BE(this.partition, start - 8)
    buffer.writeInt32BE(batchBytes, start - 4)
    buffer.fill(0, start, start + layout.length)
    buffer.writeInt32BE(batchBytes - layout.leaderEpoch, start + layout.length)
    buffer.writeInt32BE(-1, start + layout.leaderEpoch)
    buffer[start + layout.magic] = magic
    buffer.writeInt16BE(codec?.number ?? 0, start + layout.attributes)
    buffer.writeInt32BE(this.count - 1, start + layout.lastOffsetDelta)
    writeInt64(buffer, start + layout.baseTimestamp, this.#baseTimestamp)
    writeInt64(buffer, start + layout.maxTimestamp, this.#timestamp)
    writeInt64(buffer, start + layout.producerId, producer?.id ?? -1)
    buffer.writeInt16BE(producer?.epoch ?? -1, start + layout.producerEpoch)
    buffer.writeInt32BE(producer ? baseSequence : -1, start + layout.baseSequence)
    buffer.writeInt32BE(this.count, start + layout.count)
    const end = packed ? recordsAt : this.#end
    let checksum = crc32c(buffer, start + layout.attributes, end)
    if (packed) checksum = crc32c(packed, 0, packed.length, checksum)
    buffer.writeUInt32BE(checksum, start + layout.checksum)
    link.send(
      acks === 0 ? undefined : this,
      buffer.subarray(0, end),
      packed,
      acks === 0 ? this.written : undefined,
    )
  }

  received(answer: Reader): void {
    answer.onlyPartition()
    const code = answer.int16()
    const baseOffset = answer.int64()
    this.#owner.answered(this, code, baseOffset, code === noError ? undefined : refusalIn(answer))
  }
}

/** The request up to the record batch. Size, correlation id, partition and length are filled in by `send`. */
function requestHead({ topic, acks, ackTimeoutMs }: BatchOwner): Buffer {
  const body = new Writer()
    .string(undefined)
    .int16(acks)
    .int32(ackTimeoutMs)
    .int32(1)
    .string(topic)
    .int32(1)
    .int32(0)
    .int32(0).written
  return frameOf(api.produce, 0, body)
}

/** What a broker says of the first message that it did not take, or else of the batch. */
function refusalIn(answer: Reader): string | undefined {
  // when it was appended, and where the log starts
  answer.int64()
  answer.int64()
  const messages = answer.array((from) => {
    from.int32()
    return from.string()
  })
  const ofBatch = answer.string()
  return messages.find((message) => message !== undefined) ?? ofBatch
}

/** For whole numbers from -1 to 2^53, without a bigint. */
function writeInt64(buffer: Buffer, at: number, value: number): void {
  buffer.writeInt32BE(Math.floor(value / 4_294_967_296), at)
  buffer.writeUInt32BE(value < 0 ? 4_294_967_295 : value % 4_294_967_296, at + 4)
}
