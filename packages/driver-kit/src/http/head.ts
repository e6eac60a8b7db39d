import { colon, comma, isBlank, isText, isToken, isWord, nine, space, zero } from './characters.ts'
import { invalid } from './fault.ts'

/** Longer numbers are not exact. */
const longestLengthDigits = 15

const version = Buffer.from('HTTP/1.')

const names = {
  connection: Buffer.from('connection'),
  length: Buffer.from('content-length'),
  encoding: Buffer.from('content-encoding'),
  transfer: Buffer.from('transfer-encoding'),
}
const words = {
  close: Buffer.from('close'),
  keepAlive: Buffer.from('keep-alive'),
  chunked: Buffer.from('chunked'),
}

/** The head of an answer (RFC 9112, 4 to 6), read line by line. Without a string for what does not need one. */
export class Head {
  status = 0
  /** Of `content-length`; -1 without one. */
  lengthBytes = -1
  isChunked = false
  /** Whether the server ends the connection after this answer. */
  isLast = false
  /** Of `content-encoding`. */
  encoding = ''
  /** How many lines there are below the first. */
  fields = 0
  #minor = 0
  #closes = false
  #keepsAlive = false
  #isFramed = false
  #canFold = false

  reset(): void {
    this.status = 0
    this.lengthBytes = -1
    this.isChunked = false
    this.isLast = false
    this.encoding = ''
    this.fields = 0
    this.#closes = false
    this.#keepsAlive = false
    this.#isFramed = false
    this.#canFold = false
  }

  /** Takes a line, without its end. True for the empty one, with which the head is complete. */
  take(bytes: Buffer, from: number, to: number): boolean {
    if (this.status === 0) this.#readStatus(bytes, from, to)
    else if (from === to) {
      this.#finish()
      return true
    } else if (isBlank(bytes[from]!)) this.#readFold(bytes, from, to)
    else this.#readField(bytes, from, to)
    return false
  }

  #readStatus(bytes: Buffer, from: number, to: number): void {
    if (to - from < 12 || !beginsStatus(bytes, from, to)) throw invalid('the answer is not HTTP/1')
    const minor = bytes[from + 7]!
    if (minor < zero || minor > nine || bytes[from + 8] !== space)
      throw invalid('the version of HTTP is not one')
    this.#minor = minor - zero
    let status = 0
    for (let at = from + 9; at < from + 12; at++) {
      const digit = bytes[at]! - zero
      if (digit < 0 || digit > 9) throw invalid('the status is not a number')
      status = status * 10 + digit
    }
    if (status < 100 || (to - from > 12 && bytes[from + 12] !== space))
      throw invalid('the status is not a number from 100 to 999')
    assertText(bytes, from + 12, to)
    this.status = status
  }

  #readField(bytes: Buffer, from: number, to: number): void {
    const end = endOfName(bytes, from, to)
    assertText(bytes, end + 1, to)
    this.fields++
    let first = end + 1
    let last = to
    while (first < last && isBlank(bytes[first]!)) first++
    while (last > first && isBlank(bytes[last - 1]!)) last--
    this.#canFold = false
    switch (end - from) {
      case 10:
        if (isWord(bytes, from, end, names.connection)) return this.#readConnection(bytes, first, last)
        break
      case 14:
        if (isWord(bytes, from, end, names.length)) return this.#readLength(bytes, first, last)
        break
      case 16:
        if (isWord(bytes, from, end, names.encoding)) return this.#readEncoding(bytes, first, last)
        break
      case 17:
        if (isWord(bytes, from, end, names.transfer)) return this.#readTransfer(bytes, first, last)
    }
    this.#canFold = true
  }

  /** A value may go on in the next line (RFC 9112, 5.2), but for those that say where an answer ends. */
  #readFold(bytes: Buffer, from: number, to: number): void {
    if (!this.#canFold) throw invalid('a line that begins with a space continues none that may be continued')
    assertText(bytes, from, to)
  }

  #readConnection(bytes: Buffer, from: number, to: number): void {
    this.#closes ||= countOf(bytes, from, to, words.close) > 0
    this.#keepsAlive ||= countOf(bytes, from, to, words.keepAlive) > 0
  }

  #readLength(bytes: Buffer, from: number, to: number): void {
    if (this.lengthBytes >= 0) throw invalid('content-length comes twice')
    if (from === to || to - from > longestLengthDigits) throw invalid('content-length is not a length')
    let length = 0
    for (let at = from; at < to; at++) {
      const digit = bytes[at]! - zero
      if (digit < 0 || digit > 9) throw invalid('content-length is not a number')
      length = length * 10 + digit
    }
    this.lengthBytes = length
  }

  #readEncoding(bytes: Buffer, from: number, to: number): void {
    const text = bytes.toString('latin1', from, to)
    this.encoding = this.encoding === '' ? text : `${this.encoding},${text}`
  }

  /** Nothing but `chunked` was asked for, as no request has a field `te`. */
  #readTransfer(bytes: Buffer, from: number, to: number): void {
    this.#isFramed = true
    if (this.isChunked || !isWord(bytes, from, to, words.chunked))
      throw invalid('transfer-encoding is not what was asked for: chunked')
    this.isChunked = true
  }

  #finish(): void {
    if (this.#isFramed && this.lengthBytes >= 0)
      throw invalid('content-length and transfer-encoding contradict each other')
    if (this.#isFramed && this.#minor === 0) throw invalid('HTTP/1.0 has no transfer-encoding')
    this.isLast = this.#closes || (this.#minor === 0 && !this.#keepsAlive)
  }
}

/** Whether what there is of a first line can become one. */
export function beginsStatus(bytes: Buffer, from: number, to: number): boolean {
  const length = Math.min(to - from, version.length)
  for (let at = 0; at < length; at++) if (bytes[from + at] !== version[at]) return false
  return true
}

/** A field below a chunked body. It is read and not used, and must not be one that would have said where the body ends. */
export function assertTrailer(bytes: Buffer, from: number, to: number): void {
  const end = endOfName(bytes, from, to)
  assertText(bytes, end + 1, to)
  if (isWord(bytes, from, end, names.length) || isWord(bytes, from, end, names.transfer))
    throw invalid('a trailer says where the body ends')
}

/** Where the colon is. */
function endOfName(bytes: Buffer, from: number, to: number): number {
  let at = from
  while (at < to && isToken(bytes[at]!)) at++
  if (at === from || at === to || bytes[at] !== colon) throw invalid('a header has no name')
  return at
}

function assertText(bytes: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++)
    if (!isText(bytes[at]!)) throw invalid('a control character stands in the head of an answer')
}

/** How often a word stands in a list. */
function countOf(bytes: Buffer, from: number, to: number, word: Buffer): number {
  let count = 0
  let first = from
  while (first < to) {
    let end = first
    while (end < to && bytes[end] !== comma) end++
    let last = end
    while (first < last && isBlank(bytes[first]!)) first++
    while (last > first && isBlank(bytes[last - 1]!)) last--
    if (isWord(bytes, first, last, word)) count++
    first = end + 1
  }
  return count
}
