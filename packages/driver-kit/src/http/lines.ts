import { appended } from '../socket/appended.ts'
import { cr, lf } from './characters.ts'
import { invalid, refused } from './fault.ts'

/** Takes what is read apart at the ends of lines, wherever it was split. */
export class Lines {
  /** Where the last line is, without its end, or what there is of one. */
  bytes: Buffer
  from = 0
  to = 0
  /** The beginning of a line whose end has not come. */
  #rest: Buffer = Buffer.alloc(0)
  #restBytes = 0
  #takenBytes = 0
  /** What all lines since `reset` may have together. */
  readonly #limitBytes: number

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
    this.bytes = this.#rest
  }

  reset(): void {
    this.#restBytes = 0
    this.#takenBytes = 0
  }

  /** Reads up to the end of a line, and returns where that is; -1 when it is not there yet, and everything was taken. */
  read(shared: Buffer, at: number, length: number): number {
    let end = at
    while (end < length && shared[end] !== lf) end++
    const next = end < length ? end + 1 : length
    this.#takenBytes += next - at
    if (this.#takenBytes > this.#limitBytes)
      throw refused(`the lines of an answer have more than ${this.#limitBytes} bytes`)
    this.bytes = shared
    this.from = at
    this.to = next
    if (end === length || this.#restBytes > 0) this.#keep(shared, at, next)
    if (end === length) return -1
    this.#restBytes = 0
    this.to -= 2
    if (this.to < this.from || this.bytes[this.to] !== cr) throw invalid('a line does not end with CR and LF')
    return next
  }

  #keep(shared: Buffer, from: number, to: number): void {
    this.#rest = appended(this.#rest, this.#restBytes, shared, from, to)
    this.#restBytes += to - from
    this.bytes = this.#rest
    this.from = 0
    this.to = this.#restBytes
  }
}
