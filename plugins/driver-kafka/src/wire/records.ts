import { errorWithCode } from '@cloudbench/driver-kit'
import { codecBits, controlBit, layout, magic } from './batch-layout.ts'
import { decompress } from './compression.ts'
import { crc32c } from './crc32c.ts'
import { readVarint } from './varint.ts'

/** The parts of a record batch that the driver needs. */
export interface BatchView {
  readonly baseOffset: number
  /** How many messages it has: none if it only marks a transaction. */
  readonly count: number
  /** The offset after its last message. */
  readonly nextOffset: number
  readonly codec: number
  /** As stored: compressed by the codec. */
  readonly records: Buffer
}

/** Whether a broker returned any message in a whole batch. Looks at heads only. */
export function hasMessages(set: Buffer): boolean {
  for (let at = 0; set.length - at >= layout.records;) {
    const end = endOf(set, at)
    if (end > set.length) return false
    // smaller than its head: left to those who read it
    if (end < at + layout.records || countOf(set, at) > 0) return true
    at = end
  }
  return false
}

/**
 * Splits what a broker returns for a partition: whole batches, and perhaps the start of another.
 * @param isVerified Whether checksums are compared.
 * @throws Error with a code when a checksum is wrong or the format is too old.
 */
export function* batchesIn(set: Buffer, isVerified = true): Generator<BatchView> {
  let at = 0
  while (set.length - at >= layout.records) {
    const end = endOf(set, at)
    if (end > set.length) return
    if (end < at + layout.records) throw errorWithCode('CORRUPT_MESSAGE', 'a batch is smaller than its head')
    if (set[at + layout.magic] !== magic)
      throw errorWithCode('UNSUPPORTED_FOR_MESSAGE_FORMAT', 'a batch has the format of Kafka before 0.11')
    if (isVerified && crc32c(set, at + layout.attributes, end) !== set.readUInt32BE(at + layout.checksum))
      throw errorWithCode('CORRUPT_MESSAGE', 'the checksum of a batch is wrong')
    const attributes = set.readInt16BE(at + layout.attributes)
    const baseOffset = Number(set.readBigInt64BE(at + layout.baseOffset))
    yield {
      baseOffset,
      count: countOf(set, at),
      nextOffset: baseOffset + set.readInt32BE(at + layout.lastOffsetDelta) + 1,
      codec: attributes & codecBits,
      records: set.subarray(at + layout.records, end),
    }
    at = end
  }
}

/** Whether an error means that contents are damaged, and not, for example, a codec that this machine lacks. */
export function isDamage(error: unknown): boolean {
  return error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'CORRUPT_MESSAGE'
}

/** The marks of transactions are no messages. */
function countOf(set: Buffer, at: number): number {
  const isControl = (set.readInt16BE(at + layout.attributes) & controlBit) !== 0
  return isControl ? 0 : set.readInt32BE(at + layout.count)
}

function endOf(set: Buffer, at: number): number {
  return at + layout.leaderEpoch + set.readInt32BE(at + layout.length)
}

/** Calls back for every message of a batch, with its offset and where its value is. For a null value, `from` is -1. */
export function eachMessage(
  { baseOffset, count, codec, records }: BatchView,
  callback: (offset: number, buffer: Buffer, from: number, to: number) => void,
): void {
  // compaction may leave an empty batch, and one that marks a transaction has nothing to read
  if (count === 0) return
  const buffer = decompress(codec, records)
  const reader = { buffer, at: 0 }
  for (let left = count; left > 0; left--) {
    const length = readVarint(reader)
    const end = reader.at + length
    // attributes
    reader.at++
    readVarint(reader)
    const offset = baseOffset + readVarint(reader)
    const keyBytes = readVarint(reader)
    if (keyBytes > 0) reader.at += keyBytes
    const valueBytes = readVarint(reader)
    if (end > buffer.length || reader.at + valueBytes > end)
      throw errorWithCode('CORRUPT_MESSAGE', 'a message is cut off')
    callback(offset, buffer, valueBytes < 0 ? -1 : reader.at, reader.at + Math.max(0, valueBytes))
    reader.at = end
  }
}
