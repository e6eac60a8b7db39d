import type { RequestTrace } from '@cloudbench/core'

/** Every body begins with a header: a mark, the sender, its own size, its number, and the time. */
export const headerBytes = 32

const magic = 0x43_42_4d_32
const pattern = 'cloudbench-message.'

/** What the messages of one sender have in common. */
export interface Envelope {
  /** The body of all of them, but for the numbers that `stamp` sets. */
  readonly body: Buffer
  readonly isDurable: boolean
  /** What each message carries, as its application property `traceparent`. */
  readonly trace?: RequestTrace | undefined
}

/** Where a message comes from. */
export interface Sender {
  /** The ledger's number, which tells this process's messages from others. */
  readonly run: number
  readonly track: number
}

export function createEnvelope(
  { size, durable }: { readonly size: number; readonly durable: boolean },
  { run, track }: Sender,
  trace?: RequestTrace,
): Envelope {
  const body = Buffer.alloc(size, pattern)
  body.fill(0, 0, headerBytes)
  body.writeUInt32BE(magic, 0)
  body.writeUInt32BE(run, 4)
  body.writeUInt32BE(size, 8)
  body.writeUInt32BE(track, 12)
  return { body, isDurable: durable, trace }
}

/** What tells one message from another. */
export interface Stamp {
  /** That of the request. Only as many as can be in flight are looked up. */
  readonly number: number
  readonly sequence: number
  readonly sentMs: number
}

/** Sets the numbers of one message, in a copy of the body that begins at `at`. */
export function stamp(bytes: Buffer, at: number, { number, sequence, sentMs }: Stamp): void {
  bytes.writeUInt16BE(number & 0xffff, at + 16)
  bytes.writeUIntBE(sequence, at + 18, 6)
  bytes.writeDoubleBE(sentMs, at + 24)
}

/** What follows the header, as long as any body so far. */
let filling: Buffer = Buffer.alloc(0)

/** What is wrong with a body that has a header, apart from its numbers; `undefined` when it is as it was sent. */
export function damageOf(bytes: Buffer, start: number, end: number): string | undefined {
  const size = headerOf.size(bytes, start)
  const length = end - start
  if (length !== size) return `has ${length} B instead of ${size} B`
  if (filling.length < length) filling = Buffer.alloc(length * 2, pattern)
  const isFilled = filling.compare(bytes, start + headerBytes, end, headerBytes, length) === 0
  return isFilled ? undefined : 'has another body than was sent'
}

/** Reads the parts of the header of a body that begins at `at`. Apart from `isThere`, only for bodies that have one. */
export const headerOf = {
  isThere: (bytes: Buffer, at: number, end: number): boolean =>
    end - at >= headerBytes && bytes.readUInt32BE(at) === magic,
  run: (bytes: Buffer, at: number): number => bytes.readUInt32BE(at + 4),
  size: (bytes: Buffer, at: number): number => bytes.readUInt32BE(at + 8),
  track: (bytes: Buffer, at: number): number => bytes.readUInt32BE(at + 12),
  exchange: (bytes: Buffer, at: number): number => bytes.readUInt16BE(at + 16),
  sequence: (bytes: Buffer, at: number): number => bytes.readUIntBE(at + 18, 6),
  sentMs: (bytes: Buffer, at: number): number => bytes.readDoubleBE(at + 24),
}
