import { errorCode, ProtocolFault } from './fault.ts'
import { headBytes, readUint31, smallestFrameLimitBytes } from './frames.ts'

/** Takes one frame. Its payload lies between `from` and `to`; the bytes are valid during the call only. */
export type TakeFrame = (
  type: number,
  flags: number,
  stream: number,
  bytes: Buffer,
  from: number,
  to: number,
) => void

const none = Buffer.alloc(0)

/** Splits what is read into frames, in place; only a frame that has not come in one piece is copied. */
export class FrameReader {
  readonly #take: TakeFrame
  #kept: Buffer = none
  #keptLength = 0

  constructor(take: TakeFrame) {
    this.#take = take
  }

  /** @throws ProtocolFault for a frame that is longer than we allow. */
  read(bytes: Buffer, length: number): void {
    let at = this.#keptLength > 0 ? this.#complete(bytes, length) : 0
    while (length - at >= headBytes) {
      const end = at + headBytes + payloadLength(bytes, at)
      if (end > length) break
      this.#takeAt(bytes, at, end)
      at = end
    }
    if (at < length) this.#keep(bytes, at, length)
  }

  /** @returns Where the next frame begins; the end when the kept one is still not complete. */
  #complete(bytes: Buffer, length: number): number {
    let at = 0
    if (this.#keptLength < headBytes) {
      at = Math.min(length, headBytes - this.#keptLength)
      this.#keep(bytes, 0, at)
      if (this.#keptLength < headBytes) return at
    }
    const kept = this.#kept
    const end = headBytes + payloadLength(kept, 0)
    const next = Math.min(length, at + end - this.#keptLength)
    this.#keep(bytes, at, next)
    if (this.#keptLength === end) {
      this.#keptLength = 0
      this.#takeAt(kept, 0, end)
    }
    return next
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    if (this.#kept.length === 0) this.#kept = Buffer.allocUnsafeSlow(headBytes + smallestFrameLimitBytes)
    bytes.copy(this.#kept, this.#keptLength, from, to)
    this.#keptLength += to - from
  }

  #takeAt(bytes: Buffer, at: number, end: number): void {
    this.#take(bytes[at + 3]!, bytes[at + 4]!, readUint31(bytes, at + 5), bytes, at + headBytes, end)
  }
}

function payloadLength(bytes: Buffer, at: number): number {
  const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!
  if (length > smallestFrameLimitBytes)
    throw new ProtocolFault(
      `a frame of ${length} bytes, where at most ${smallestFrameLimitBytes} are allowed`,
      errorCode.frameSize,
    )
  return length
}
