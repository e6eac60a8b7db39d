import { noBytes, type ReceivedMessage } from '../lanes/message.ts'
import { codeOf, codes } from './codes.ts'
import { Fields } from './fields.ts'
import { malformed } from './malformed.ts'
import { endOf, readValue } from './values.ts'

/** What kind of body a message has. */
const kinds = { none: 0, data: 1, other: 2 } as const

/** Reads messages where they lie: where the body is, and whether it came before. Reused for one after another. */
export class MessageReader implements ReceivedMessage {
  bytes: Buffer = Buffer.alloc(0)
  start = noBytes
  end = noBytes
  isData = false
  isRedelivered = false
  readonly #header = new Fields()

  read(bytes: Buffer, from: number, until: number): void {
    this.bytes = bytes
    this.start = this.end = noBytes
    this.isData = this.isRedelivered = false
    let kind: number = kinds.none
    let parts: Buffer[] | undefined
    let at = from
    while (at < until) {
      if (bytes[at] !== 0) throw malformed('a message with something that is no section')
      const isUsual = bytes[at + 1] === 0x53 && at + 3 < until
      const value = isUsual ? at + 3 : endOf(bytes, at + 1, until)
      const code = isUsual ? bytes[at + 2]! : codeOf(readValue(bytes, at + 1, value))
      const next = endOf(bytes, value, until)
      if (code === codes.header) this.#readHeader(bytes, at, next)
      else if (code === codes.data && kind === kinds.none) {
        kind = kinds.data
        this.#locate(bytes, value, next)
      } else if (code === codes.data && kind === kinds.data) {
        parts ??= [bytes.subarray(this.start, this.end)]
        this.#locate(bytes, value, next)
        parts.push(bytes.subarray(this.start, this.end))
      } else if (code === codes.value && kind === kinds.none) {
        kind = kinds.other
        this.#locateValue(bytes, value, next)
      } else if (code === codes.sequence) kind = kinds.other
      at = next
    }
    if (parts !== undefined) {
      this.bytes = Buffer.concat(parts)
      this.start = 0
      this.end = this.bytes.length
    }
    this.isData = kind === kinds.data && parts === undefined
  }

  #readHeader(bytes: Buffer, at: number, end: number): void {
    const header = this.#header
    header.enter(bytes, at, end)
    header.skip()
    header.skip()
    header.skip()
    // absent means that others may have had it, but brokers that never redeliver leave it out
    const isFirst = header.boolean(true)
    this.isRedelivered = !isFirst || header.uint(0) > 0
  }

  #locate(bytes: Buffer, at: number, end: number): void {
    if (bytes[at] !== 0xa0 && bytes[at] !== 0xb0) throw malformed('a data section without bytes')
    this.#locateValue(bytes, at, end)
  }

  /** Where the bytes of a binary, a string or a symbol are. */
  #locateValue(bytes: Buffer, at: number, end: number): void {
    const kind = bytes[at]! >>> 4
    if (kind !== 0xa && kind !== 0xb) return
    this.start = at + (kind === 0xa ? 2 : 5)
    this.end = end
  }
}
