import { gunzipSync, inflateSync } from 'node:zlib'
import { appended } from '@cloudbench/driver-kit'
import { unknownCompression, type EndStatus } from '../../wire/end-status.ts'
import { status } from '../../wire/status.ts'

/** Takes one message, or how many bytes it has where it is not looked at. */
export type TakeMessage = (bytes: number, message: Buffer | undefined) => void

/** What comes before every message: whether it is compressed, and its length. */
export const prefixBytes = 5

const none = Buffer.alloc(0)

export interface MessageReaderOptions {
  readonly limitBytes: number
  readonly keepsMessages: boolean
}

/** Reads the messages of one answer after another from the data of their calls, however it is cut. */
export class MessageReader {
  readonly #limitBytes: number
  readonly #keepsMessages: boolean
  /** What has come of an unfinished message, with its prefix. */
  #kept: Buffer = none
  #keptLength = 0

  constructor({ limitBytes, keepsMessages }: MessageReaderOptions) {
    this.#limitBytes = limitBytes
    this.#keepsMessages = keepsMessages
  }

  /** Begins another answer. */
  reset(): void {
    this.#kept = none
    this.#keptLength = 0
  }

  /** @returns Why the call ends here, if it does. */
  read(
    bytes: Buffer,
    from: number,
    to: number,
    encoding: string,
    listener: { onMessage: TakeMessage },
  ): EndStatus | undefined {
    let at = from
    if (this.#keptLength > 0) {
      at = this.#complete(bytes, from, to)
      const kept = this.#kept
      if (this.#keptLength < prefixBytes) return undefined
      const length = lengthAt(kept, 0)
      if (length > this.#limitBytes) return this.#tooLarge(length)
      if (this.#keptLength < prefixBytes + length) return undefined
      this.reset()
      const fault = this.#take(kept, 0, length, encoding, listener)
      if (fault !== undefined) return fault
    }
    while (to - at >= prefixBytes) {
      const length = lengthAt(bytes, at)
      if (length > this.#limitBytes) return this.#tooLarge(length)
      const end = at + prefixBytes + length
      if (end > to) break
      const fault = this.#take(bytes, at, length, encoding, listener)
      if (fault !== undefined) return fault
      at = end
    }
    if (at < to) this.#keep(bytes, at, to)
    return undefined
  }

  /** Adds to the unfinished message. @returns Where the next one begins. */
  #complete(bytes: Buffer, from: number, to: number): number {
    let at = from
    if (this.#keptLength < prefixBytes) {
      at = Math.min(to, from + prefixBytes - this.#keptLength)
      this.#keep(bytes, from, at)
      if (this.#keptLength < prefixBytes) return at
    }
    const length = lengthAt(this.#kept, 0)
    if (length > this.#limitBytes) return at
    const next = Math.min(to, at + prefixBytes + length - this.#keptLength)
    this.#keep(bytes, at, next)
    return next
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    this.#kept = appended(this.#kept, this.#keptLength, bytes, from, to)
    this.#keptLength += to - from
  }

  #take(
    bytes: Buffer,
    at: number,
    length: number,
    encoding: string,
    listener: { onMessage: TakeMessage },
  ): EndStatus | undefined {
    const from = at + prefixBytes
    const isCompressed = bytes[at]!
    if (isCompressed > 1)
      return {
        code: status.internal,
        details: `a message with the flag ${isCompressed}, which does not exist`,
      }
    if (isCompressed === 0) {
      const message = this.#keepsMessages ? Buffer.from(bytes.subarray(from, from + length)) : undefined
      listener.onMessage(length, message)
      return undefined
    }
    const message = this.#decompressed(bytes.subarray(from, from + length), encoding)
    if (!Buffer.isBuffer(message)) return message
    listener.onMessage(message.length, this.#keepsMessages ? message : undefined)
    return undefined
  }

  #decompressed(bytes: Buffer, encoding: string): Buffer | EndStatus {
    const decompress = encoding === 'gzip' ? gunzipSync : encoding === 'deflate' ? inflateSync : undefined
    if (decompress === undefined) return { code: status.internal, details: unknownCompression }
    try {
      return decompress(bytes, { maxOutputLength: this.#limitBytes })
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
        ? {
            code: status.resourceExhausted,
            details: `Received message that decompresses to a size larger than ${this.#limitBytes}`,
          }
        : { code: status.internal, details: `Failed to decompress ${encoding}-encoded message` }
    }
  }

  #tooLarge(length: number): EndStatus {
    return {
      code: status.resourceExhausted,
      details: `Received message larger than max (${length} vs ${this.#limitBytes})`,
    }
  }
}

function lengthAt(bytes: Buffer, at: number): number {
  return ((bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!) >>> 0
}
