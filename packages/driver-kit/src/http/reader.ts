import { cr, lf } from './characters.ts'
import { chunkSize } from './chunk-size.ts'
import { invalid } from './fault.ts'
import { assertTrailer, beginsStatus, Head } from './head.ts'
import { Lines } from './lines.ts'

/** What the head of an answer, the trailers of one, and the line of a chunk may have. */
const headLimitBytes = 65_536
const chunkLineLimitBytes = 4_096

/** A longer head is read anew each time. */
const knownLimitBytes = 2_048

/** Gets answers as they are read. */
export interface AnswerTaker {
  /** Whether there is a request that an answer could be for. */
  readonly expectsAnswer: boolean
  /** Whether the request was one whose answers have no body (HEAD). */
  readonly expectsNoBody: boolean
  /** A part of a body, good until this returns. */
  body(bytes: Buffer, from: number, to: number): void
  /** The answer is complete. What says so is still in the head. */
  end(): void
}

const place = { head: 0, body: 1, untilClose: 2, chunkLine: 3, chunk: 4, chunkEnd: 5, trailers: 6 } as const

/**
 * Reads the answers on one connection (RFC 9110 and 9112), wherever they are split, and refuses what is not one.
 * A head of the same bytes as that of the answer before means the same, and is not read again.
 */
export class AnswerReader {
  readonly head = new Head()
  /** Whether a part of an answer has come, and the rest has not. */
  hasBegun = false
  /** Whether nothing comes on this connection after the answer that has just ended. */
  isLast = false
  readonly #taker: AnswerTaker
  readonly #lines = new Lines(headLimitBytes)
  readonly #chunkLines = new Lines(chunkLineLimitBytes)
  readonly #known = Buffer.allocUnsafeSlow(knownLimitBytes)
  #knownBytes = 0
  /** Where the head begins in what is being read; -1 when it began in an earlier read. */
  #headFrom = -1
  #place: number = place.head
  #leftBytes = 0
  #isStopped = false

  constructor(taker: AnswerTaker) {
    this.#taker = taker
  }

  /** Begins with a new connection. */
  reset(): void {
    this.hasBegun = false
    this.#place = place.head
    this.#isStopped = false
    this.#lines.reset()
    this.#chunkLines.reset()
  }

  /** Nothing of this connection is read any more, from within what it reads, too. */
  stop(): void {
    this.#isStopped = true
  }

  /** Whether a body has begun, and its end has not come. */
  get isInBody(): boolean {
    return this.hasBegun && this.#place !== place.head
  }

  /** The connection was closed, which ends an answer without a length. True when it was the end of one. */
  close(): boolean {
    if (this.#isStopped || this.#place !== place.untilClose) return false
    this.#end()
    return true
  }

  /** @throws AnswerFault for what is no answer, or one that no request asked for. */
  read(shared: Buffer, length: number): void {
    let at = 0
    this.#headFrom = -1
    while (at < length && !this.#isStopped)
      if (this.#place === place.head) at = this.#readHead(shared, at, length)
      else if (this.#place === place.body) at = this.#readBody(shared, at, length)
      else if (this.#place === place.untilClose) at = this.#readRest(shared, at, length)
      else at = this.#readChunked(shared, at, length)
  }

  #readHead(shared: Buffer, from: number, length: number): number {
    if (!this.hasBegun) {
      if (!this.#taker.expectsAnswer) throw invalid('an answer came that nothing was asked for')
      this.hasBegun = true
      if (this.#isKnown(shared, from, length)) {
        const end = from + this.#knownBytes
        this.#beginBody()
        return end
      }
      this.#beginHead(from)
    }
    const { head } = this
    let at = from
    while (at < length) {
      const next = this.#lines.read(shared, at, length)
      const { bytes, from: lineFrom, to } = this.#lines
      if (next < 0) {
        if (head.status === 0 && !beginsStatus(bytes, lineFrom, to)) throw invalid('the answer is not HTTP/1')
        return length
      }
      at = next
      if (!head.take(bytes, lineFrom, to)) continue
      if (head.status >= 200) {
        this.#remember(shared, at)
        this.#beginBody()
        return at
      }
      if (head.status === 101) throw invalid('another protocol begins, which nothing asked for')
      this.#beginHead(at)
    }
    return at
  }

  #beginHead(at: number): void {
    this.#knownBytes = 0
    this.#headFrom = at
    this.#lines.reset()
    this.head.reset()
  }

  #isKnown(shared: Buffer, from: number, length: number): boolean {
    const bytes = this.#knownBytes
    if (bytes === 0 || length - from < bytes) return false
    const known = this.#known
    for (let at = 0; at < bytes; at++) if (shared[from + at] !== known[at]) return false
    return true
  }

  #remember(shared: Buffer, end: number): void {
    const from = this.#headFrom
    if (from < 0 || end - from > knownLimitBytes) return
    shared.copy(this.#known, 0, from, end)
    this.#knownBytes = end - from
  }

  /** How long a body is (RFC 9112, 6.3). */
  #beginBody(): void {
    const { status, isChunked, lengthBytes } = this.head
    if (status === 204 || status === 304 || this.#taker.expectsNoBody) this.#end()
    else if (isChunked) {
      this.#chunkLines.reset()
      this.#place = place.chunkLine
    } else if (lengthBytes < 0) this.#place = place.untilClose
    else if (lengthBytes === 0) this.#end()
    else {
      this.#leftBytes = lengthBytes
      this.#place = place.body
    }
  }

  #readBody(shared: Buffer, from: number, length: number): number {
    const to = Math.min(length, from + this.#leftBytes)
    this.#leftBytes -= to - from
    this.#taker.body(shared, from, to)
    if (this.#leftBytes === 0) this.#end()
    return to
  }

  #readRest(shared: Buffer, from: number, length: number): number {
    this.#taker.body(shared, from, length)
    return length
  }

  #readChunked(shared: Buffer, from: number, length: number): number {
    if (this.#place === place.chunk) {
      const to = Math.min(length, from + this.#leftBytes)
      this.#leftBytes -= to - from
      this.#taker.body(shared, from, to)
      if (this.#leftBytes === 0) {
        this.#leftBytes = 2
        this.#place = place.chunkEnd
      }
      return to
    }
    if (this.#place === place.chunkEnd) {
      if (shared[from] !== (this.#leftBytes === 2 ? cr : lf)) throw invalid('a chunk is longer than its size')
      if (--this.#leftBytes === 0) {
        this.#chunkLines.reset()
        this.#place = place.chunkLine
      }
      return from + 1
    }
    return this.#place === place.chunkLine
      ? this.#readChunkLine(shared, from, length)
      : this.#readTrailers(shared, from, length)
  }

  #readChunkLine(shared: Buffer, from: number, length: number): number {
    const lines = this.#chunkLines
    const next = lines.read(shared, from, length)
    if (next < 0) return length
    this.#leftBytes = chunkSize(lines.bytes, lines.from, lines.to)
    if (this.#leftBytes > 0) this.#place = place.chunk
    else {
      this.#lines.reset()
      this.#place = place.trailers
    }
    return next
  }

  #readTrailers(shared: Buffer, from: number, length: number): number {
    const lines = this.#lines
    const next = lines.read(shared, from, length)
    if (next < 0) return length
    if (lines.from === lines.to) this.#end()
    else assertTrailer(lines.bytes, lines.from, lines.to)
    return next
  }

  #end(): void {
    this.hasBegun = false
    this.isLast = this.head.isLast || this.#place === place.untilClose
    this.#place = place.head
    this.#taker.end()
  }
}
