import { appended, errorWithCode } from '@cloudbench/driver-kit'

/** What `next` has found. `none`: the rest is still to come. */
export const replyKinds = { none: 0, status: 1, error: 2, integer: 3, value: 4, nothing: 5 } as const

export type ReplyKind = (typeof replyKinds)[keyof typeof replyKinds]

const [plus, minus, colon, dollar] = [43, 45, 58, 36]
const carriageReturn = 13
const lineFeed = 10

/** A line is a status, an error, a number or the length of a value. */
const longestLineBytes = 65_536
/** Redis stores no longer value, unless it is configured to. */
const longestValueBytes = 536_870_912
const lengthDigits = 9

/**
 * Reads RESP 2 replies, as they answer GET and SET, out of the buffer that they came in: `next` moves from one to the next
 * and makes nothing. What is cut off at the end is kept until the rest of it comes, but for values that are not looked at,
 * which are only counted: a server cannot make it keep more than a line or a value of the load.
 */
export class Replies {
  /** Where the text or the value of the reply is: `length` bytes from `at`. Good until `next` or `take` is called. */
  bytes: Buffer = Buffer.alloc(0)
  at = 0
  length = 0
  /** Of the values that are kept and can be looked at; -1 where none is. Of any other, only the length is known. */
  readonly #valueBytes: number
  #position = 0
  #end = 0
  /** The beginning of a reply, as long as its end has not come. */
  #kept: Buffer = Buffer.alloc(0)
  #keptBytes = 0
  /** Bytes of the current value and its line end that are passed over when they come. */
  #toPass = 0

  constructor(valueBytes: number) {
    this.#valueBytes = valueBytes
  }

  /** Hands over what was read: the first `length` bytes, which are good until `next` has found none. */
  take(bytes: Buffer, length: number): void {
    this.#position = 0
    if (this.#keptBytes === 0) {
      this.bytes = bytes
      this.#end = length
      return
    }
    this.#keep(bytes, 0, length)
    this.bytes = this.#kept
    this.#end = this.#keptBytes
    this.#keptBytes = 0
  }

  /**
   * Moves to the next reply.
   * @throws what the server does not speak: the connection is of no more use.
   */
  next(): ReplyKind {
    if (this.#toPass > 0) return this.#pass()
    const start = this.#position
    if (start === this.#end) return replyKinds.none
    const { bytes } = this
    switch (bytes[start]) {
      case dollar:
        return this.#value(start)
      case plus:
        return this.#line(start, replyKinds.status)
      case minus:
        return this.#line(start, replyKinds.error)
      case colon:
        return this.#integer(start)
      default:
        throw protocolError(`a reply that begins with ${shown(bytes, start, this.#end)}`)
    }
  }

  /** The text of a status, an error or an integer. */
  text(): string {
    return this.bytes.toString('utf8', this.at, this.at + this.length)
  }

  #line(start: number, kind: ReplyKind): ReplyKind {
    const { bytes } = this
    const end = this.#end
    let at = start + 1
    while (at < end && bytes[at] !== carriageReturn) at++
    if (at + 1 >= end) return this.#unfinished(start, longestLineBytes)
    if (bytes[at + 1] !== lineFeed) throw protocolError('a line that does not end in \\r\\n')
    this.at = start + 1
    this.length = at - start - 1
    this.#position = at + 2
    return kind
  }

  #integer(start: number): ReplyKind {
    const kind = this.#line(start, replyKinds.integer)
    if (kind === replyKinds.integer && !/^-?\d{1,20}$/.test(this.text()))
      throw protocolError(`the number ${shown(this.bytes, this.at, this.at + this.length)}`)
    return kind
  }

  #value(start: number): ReplyKind {
    const { bytes } = this
    const end = this.#end
    let at = start + 1
    let length = 0
    for (; at < end; at++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) break
      length = length * 10 + digit
      if (at - start > lengthDigits || length > longestValueBytes)
        throw protocolError(
          `a value that begins with ${shown(bytes, start, end)}: Redis stores at most 512 MiB in one`,
        )
    }
    if (at === end) return this.#unfinished(start, longestLineBytes)
    if (at === start + 1) return this.#nothing(start)
    if (bytes[at] !== carriageReturn) throw badLength(bytes, start, end)
    if (at + 1 === end) return this.#unfinished(start, longestLineBytes)
    if (bytes[at + 1] !== lineFeed) throw badLength(bytes, start, end)
    at += 2
    this.length = length
    if (length !== this.#valueBytes) {
      this.#position = at
      this.#toPass = length + 2
      return this.#pass()
    }
    const next = at + length + 2
    if (next > end) return this.#unfinished(start, next - start)
    if (bytes[next - 2] !== carriageReturn || bytes[next - 1] !== lineFeed) throw longer(length)
    this.at = at
    this.#position = next
    return replyKinds.value
  }

  /** `$-1`: there is no value. */
  #nothing(start: number): ReplyKind {
    const { bytes } = this
    const end = this.#end
    if (bytes[start + 1] !== minus || (start + 2 < end && bytes[start + 2] !== 49))
      throw badLength(bytes, start, end)
    if (start + 3 < end && bytes[start + 3] !== carriageReturn) throw badLength(bytes, start, end)
    if (start + 4 < end && bytes[start + 4] !== lineFeed) throw badLength(bytes, start, end)
    if (start + 5 > end) return this.#unfinished(start, longestLineBytes)
    this.length = 0
    this.#position = start + 5
    return replyKinds.nothing
  }

  /** Passes over a value that is not looked at. */
  #pass(): ReplyKind {
    const { bytes } = this
    while (this.#toPass > 2) {
      const passed = Math.min(this.#toPass - 2, this.#end - this.#position)
      if (passed === 0) return replyKinds.none
      this.#position += passed
      this.#toPass -= passed
    }
    while (this.#toPass > 0) {
      if (this.#position === this.#end) return replyKinds.none
      if (bytes[this.#position++] !== (this.#toPass === 2 ? carriageReturn : lineFeed))
        throw longer(this.length)
      this.#toPass--
    }
    this.at = this.#position
    return replyKinds.value
  }

  /** Keeps the beginning of a reply whose end has not come. */
  #unfinished(start: number, limitBytes: number): ReplyKind {
    if (this.#end - start > limitBytes) throw protocolError(`a line of more than ${limitBytes} bytes`)
    this.#keep(this.bytes, start, this.#end)
    this.#position = this.#end
    return replyKinds.none
  }

  #keep(bytes: Buffer, from: number, to: number): void {
    this.#kept = appended(this.#kept, this.#keptBytes, bytes, from, to)
    this.#keptBytes += to - from
  }
}

const code = 'PROTOCOL_ERROR'

/** A server does not keep to the protocol: its connection is of no more use. */
export function protocolError(what: string): Error {
  return errorWithCode(code, `Protocol error: ${what}`)
}

export function isProtocolError(error: unknown): error is Error {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}

function badLength(bytes: Buffer, start: number, end: number): Error {
  return protocolError(`the length ${shown(bytes, start, end)}`)
}

function longer(length: number): Error {
  return protocolError(`a value that does not end after its ${length} bytes`)
}

/** The beginning of what came, for people. */
function shown(bytes: Buffer, from: number, to: number): string {
  return JSON.stringify(bytes.toString('latin1', from, Math.min(to, from + 20)))
}
