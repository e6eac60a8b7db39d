import { errorCode, ProtocolFault } from '../../wire/http2/fault.ts'
import { flag } from '../../wire/http2/frames.ts'
import { headLimitBytes } from './answer-head.ts'

/** Takes a whole header block, with the flags of its first frame. */
export type TakeBlock = (flags: number, stream: number, bytes: Buffer, from: number, to: number) => void

const none = Buffer.alloc(0)

/** Puts header blocks together that come in several frames. */
export class HeaderBlocks {
  /** Of a block that has not come to its end; 0 when there is none. */
  stream = 0
  readonly #take: TakeBlock
  #flags = 0
  #bytes: Buffer = none

  constructor(take: TakeBlock) {
    this.#take = take
  }

  /** Takes the payload of `HEADERS`. */
  begin(flags: number, stream: number, bytes: Buffer, from: number, to: number): void {
    if ((flags & flag.padded) !== 0) {
      to -= bytes[from] ?? 0
      from++
    }
    if ((flags & flag.priority) !== 0) from += 5
    if (from > to) throw new ProtocolFault('a frame with more padding than it is long')
    if ((flags & flag.endHeaders) !== 0) {
      this.#take(flags, stream, bytes, from, to)
      return
    }
    this.stream = stream
    this.#flags = flags
    this.#bytes = Buffer.from(bytes.subarray(from, to))
  }

  /** Takes the payload of `CONTINUATION`. */
  go(flags: number, stream: number, bytes: Buffer, from: number, to: number): void {
    if (this.stream === 0 || stream !== this.stream)
      throw new ProtocolFault('the continuation of a header block that was not begun')
    if (this.#bytes.length + to - from > headLimitBytes)
      throw new ProtocolFault(
        `a header block of more than ${headLimitBytes} bytes`,
        errorCode.enhanceYourCalm,
      )
    this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(from, to)])
    if ((flags & flag.endHeaders) === 0) return
    const block = this.#bytes
    this.stream = 0
    this.#bytes = none
    this.#take(this.#flags, stream, block, 0, block.length)
  }
}
