/** Reads the body of a request or an answer, field by field. A read beyond the end throws a RangeError. */
export class Reader {
  readonly buffer: Buffer
  at: number
  readonly end: number

  constructor(buffer: Buffer, at = 0, end = buffer.length) {
    this.buffer = buffer
    this.at = at
    this.end = end
  }

  int8(): number {
    return this.buffer.readInt8(this.#take(1))
  }

  int16(): number {
    return this.buffer.readInt16BE(this.#take(2))
  }

  int32(): number {
    return this.buffer.readInt32BE(this.#take(4))
  }

  /** Offsets and times stay far below 2^53. */
  int64(): number {
    const at = this.#take(8)
    return this.buffer.readInt32BE(at) * 4_294_967_296 + this.buffer.readUInt32BE(at + 4)
  }

  /** Null is `undefined`. */
  string(): string | undefined {
    const sizeBytes = this.int16()
    if (sizeBytes < 0) return undefined
    const at = this.#take(sizeBytes)
    return this.buffer.toString('utf8', at, at + sizeBytes)
  }

  /** Reads up to what is said of a partition, in an answer about one topic with one partition. */
  onlyPartition(): void {
    this.int32()
    this.string()
    this.int32()
    this.int32()
  }

  /** Shares memory with the buffer; null is empty. */
  bytes(): Buffer {
    const sizeBytes = Math.max(0, this.int32())
    const at = this.#take(sizeBytes)
    return this.buffer.subarray(at, at + sizeBytes)
  }

  array<T>(read: (reader: this) => T): T[] {
    const length = Math.max(0, this.int32())
    const values: T[] = []
    for (let at = 0; at < length; at++) values.push(read(this))
    return values
  }

  #take(sizeBytes: number): number {
    const { at } = this
    this.at = at + sizeBytes
    if (this.at > this.end) throw new RangeError(`an answer ends ${this.at - this.end} bytes too early`)
    return at
  }
}
