import { appended } from '@cloudbench/driver-kit'
import { headBytes } from './frame.ts'
import { malformed } from './malformed.ts'
import { uint32 } from './values.ts'

/** What becomes of what a peer sends. The bytes are valid during the call only. */
export interface FrameListener {
  /** A protocol header. */
  header(bytes: Buffer, at: number): void
  /** A frame without its head: it lies between `at` and `end`, and is empty when it is only a sign of life. */
  frame(type: number, channel: number, bytes: Buffer, at: number, end: number): void
}

/**
 * Cuts what was read into frames, in one pass and where it lies. Only a frame that a read has cut off is copied, until
 * the next reads complete it.
 */
export class FrameReader {
  readonly #listener: FrameListener
  readonly #largest: number
  /** The begin of a frame that is not complete. */
  #kept: Buffer = Buffer.alloc(0)
  #keptBytes = 0
  #expectsHeader = true

  /** @param largest Bytes of the largest frame that the peer may send. */
  constructor(listener: FrameListener, largest: number) {
    this.#listener = listener
    this.#largest = largest
  }

  /** A protocol header comes next, instead of a frame. */
  expectHeader(): void {
    this.#expectsHeader = true
  }

  /** @throws Error for what is no frame. Nothing may be read afterwards. */
  read(bytes: Buffer, length: number): void {
    let at = this.#keptBytes === 0 ? 0 : this.#complete(bytes, length)
    while (length - at >= headBytes) {
      const end = at + this.#sizeAt(bytes, at)
      if (end > length) break
      this.#take(bytes, at, end)
      at = end
    }
    if (at < length) this.#keep(bytes, at, length, length - at)
  }

  /** How long a frame is whose head is there. */
  #sizeAt(bytes: Buffer, at: number): number {
    if (this.#expectsHeader) return headBytes
    const size = uint32(bytes, at)
    if (size < headBytes) throw malformed(`a frame of ${size} B`)
    if (size > this.#largest)
      throw malformed(`a frame of ${size} B, where ${this.#largest} B were allowed at most`)
    return size
  }

  #take(bytes: Buffer, at: number, end: number): void {
    if (this.#expectsHeader) {
      this.#expectsHeader = false
      this.#listener.header(bytes, at)
      return
    }
    const begin = at + bytes[at + 4]! * 4
    if (begin < at + headBytes || begin > end) throw malformed('a frame whose data begin outside of it')
    this.#listener.frame(bytes[at + 5]!, (bytes[at + 6]! << 8) | bytes[at + 7]!, bytes, begin, end)
  }

  /** Completes the frame that was cut off. @returns how much of what was read belongs to it. */
  #complete(bytes: Buffer, length: number): number {
    const at = this.#keep(bytes, 0, length, headBytes)
    if (this.#keptBytes < headBytes) return at
    const size = this.#sizeAt(this.#kept, 0)
    const end = this.#keep(bytes, at, length, size)
    if (this.#keptBytes < size) return end
    this.#keptBytes = 0
    this.#take(this.#kept, 0, size)
    return end
  }

  /** Keeps bytes until there are as many as that. @returns where it stopped. */
  #keep(bytes: Buffer, at: number, length: number, wanted: number): number {
    const end = Math.min(length, at + Math.max(0, wanted - this.#keptBytes))
    this.#kept = appended(this.#kept, this.#keptBytes, bytes, at, end)
    this.#keptBytes += end - at
    return end
  }
}
