/** Reserved for a length that is known later; enough for messages below 128 bytes. */
const shortLengthBytes = 1

/** Writes the protocol buffers wire format into one buffer that grows and is reused. */
export class WireWriter {
  #buffer = Buffer.allocUnsafeSlow(4_096)
  #length = 0

  /** Returns a copy of what was written since the last call. */
  take(): Buffer {
    const taken = Buffer.allocUnsafe(this.#length)
    this.#buffer.copy(taken, 0, 0, this.#length)
    this.#length = 0
    return taken
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Text, prefixed with its length. */
  text(value: string): void {
    // at most three bytes per UTF-16 unit
    this.#reserve(value.length * 3 + 5)
    const at = this.begin()
    this.#length += this.#buffer.write(value, this.#length, 'utf8')
    this.end(at)
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#reserve(8)
    let left = value
    while (left > 0x7fff_ffff) {
      this.#buffer[this.#length++] = (left % 128) | 0x80
      left = Math.floor(left / 128)
    }
    while (left > 0x7f) {
      this.#buffer[this.#length++] = (left & 0x7f) | 0x80
      left >>>= 7
    }
    this.#buffer[this.#length++] = left
  }

  /** A whole number of 64 bits; negative ones in two's complement. */
  varint64(value: bigint): void {
    this.#reserve(10)
    let left = BigInt.asUintN(64, value)
    while (left > 0x7fn) {
      this.#buffer[this.#length++] = Number(left & 0x7fn) | 0x80
      left >>= 7n
    }
    this.#buffer[this.#length++] = Number(left)
  }

  fixed32(value: number): void {
    this.#reserve(4)
    this.#length = this.#buffer.writeUInt32LE(value >>> 0, this.#length)
  }

  fixed64(value: bigint): void {
    this.#reserve(8)
    this.#length = this.#buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.#length)
  }

  float(value: number): void {
    this.#reserve(4)
    this.#length = this.#buffer.writeFloatLE(value, this.#length)
  }

  double(value: number): void {
    this.#reserve(8)
    this.#length = this.#buffer.writeDoubleLE(value, this.#length)
  }

  /** Begins something that is prefixed with its length; pass the result to `end`. */
  begin(): number {
    this.#reserve(shortLengthBytes)
    const at = this.#length
    this.#length += shortLengthBytes
    return at
  }

  end(at: number): void {
    const start = at + shortLengthBytes
    const size = this.#length - start
    if (size < 128) {
      this.#buffer[at] = size
      return
    }
    const extra = Math.ceil((32 - Math.clz32(size)) / 7) - shortLengthBytes
    this.#reserve(extra)
    this.#buffer.copyWithin(start + extra, start, this.#length)
    const end = this.#length + extra
    this.#length = at
    this.varint(size)
    this.#length = end
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}
