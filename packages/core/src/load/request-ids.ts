import { mix, saltOf } from './random.ts'

/** Words of 32 bits in the ids of a request: four of its trace, two of its span. */
const idWords = 6
/** Characters of a `traceparent`: version, trace id, span id and flags. */
const traceparentLength = 55

const digits = Buffer.from('0123456789abcdef', 'latin1')
const dash = 0x2d
const zero = 0x30

/**
 * The W3C trace context of a flow's requests. Ids follow from the run, the scenario, the flow and the request's number
 * alone: the driver that sends them, the log and the spans agree without keeping anything. Within a flow they are
 * distinct for the first 2³² requests, since the hash of a number is a bijection.
 */
export class RequestIds {
  readonly run: string
  readonly #salts: readonly number[]
  /** Requests of this rank or a higher one are sampled. */
  readonly threshold: number
  readonly #line = Buffer.alloc(traceparentLength)

  /** @param ratio The share of requests that carry the flag `sampled`, from 0 to 1. */
  constructor(run: string, scenario: string, flow: string, ratio: number) {
    this.run = run
    const name = JSON.stringify([run, scenario, flow])
    this.#salts = Array.from({ length: idWords }, (_, word) => saltOf(word, 0, name))
    this.threshold = (1 - ratio) * 4_294_967_296
  }

  /** By the randomness of the trace id itself, as W3C Trace Context level 2 has it: each part of a system decides alike. */
  isSampled(index: number): boolean {
    return this.rank(index) >= this.threshold
  }

  /** The last word of the trace id. */
  rank(index: number): number {
    return this.#word(index, 3)
  }

  /** Writes the trace id, 16 bytes, and the span id, 8 bytes. */
  writeIds(index: number, bytes: Uint8Array, at: number, spanAt: number): void {
    for (let word = 0; word < idWords; word++) {
      const value = this.#word(index, word)
      const place = (word < 4 ? at : spanAt - 16) + 4 * word
      bytes[place] = value >>> 24
      bytes[place + 1] = value >>> 16
      bytes[place + 2] = value >>> 8
      bytes[place + 3] = value
    }
  }

  /** Writes the value of the header `traceparent`, 55 bytes of ASCII. */
  write(index: number, bytes: Uint8Array, at: number): void {
    bytes[at] = bytes[at + 1] = zero
    bytes[at + 2] = bytes[at + 35] = bytes[at + 52] = dash
    for (let word = 0; word < 4; word++) writeHex(this.#word(index, word), bytes, at + 3 + 8 * word)
    for (let word = 4; word < 6; word++) writeHex(this.#word(index, word), bytes, at + 4 + 8 * word)
    bytes[at + 53] = zero
    bytes[at + 54] = this.isSampled(index) ? zero + 1 : zero
  }

  /** The value of the header `traceparent`, such as `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. */
  traceparent(index: number): string {
    this.write(index, this.#line, 0)
    return this.#line.toString('latin1')
  }

  /** Never 0 in all words: W3C calls such an id invalid. */
  #word(index: number, word: number): number {
    const upper = index > 4_294_967_295 ? Math.floor(index / 4_294_967_296) : 0
    const value = mix((index >>> 0) ^ this.#salts[word]! ^ Math.imul(upper, 0x85eb_ca6b)) >>> 0
    return value === 0 ? 1 : value
  }
}

function writeHex(value: number, bytes: Uint8Array, at: number): void {
  for (let digit = 0; digit < 8; digit++) bytes[at + digit] = digits[(value >>> (28 - 4 * digit)) & 15]!
}
