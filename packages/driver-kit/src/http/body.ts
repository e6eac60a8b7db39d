const none = Buffer.alloc(0)

/** The body of an answer, for as long as it is needed. One that came in one piece is not copied. */
export class Body {
  readonly #chunks: Buffer[] = []
  /** The last part, where it was read: `settle` copies it before that place is read to again. */
  #last: Buffer | undefined
  #from = 0
  #to = 0

  get isEmpty(): boolean {
    return this.#last === undefined && this.#chunks.length === 0
  }

  add(shared: Buffer, from: number, to: number): void {
    this.settle()
    this.#last = shared
    this.#from = from
    this.#to = to
  }

  settle(): void {
    if (this.#last === undefined) return
    this.#chunks.push(Buffer.from(this.#last.subarray(this.#from, this.#to)))
    this.#last = undefined
  }

  take(): Buffer {
    const last = this.#last
    if (last !== undefined && this.#chunks.length === 0) {
      this.#last = undefined
      return last.subarray(this.#from, this.#to)
    }
    this.settle()
    if (this.#chunks.length === 0) return none
    const whole = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#chunks.length = 0
    return whole
  }

  drop(): void {
    this.#last = undefined
    this.#chunks.length = 0
  }
}
