/** Builds the body of a request or an answer, in the encoding of the versions before flexible ones. */
export class Writer {
  #buffer: Buffer
  #length = 0

  constructor(sizeBytes = 256) {
    this.#buffer = Buffer.allocUnsafe(sizeBytes)
  }

  int8(value: number): this {
    this.#room(1)
    this.#length = this.#buffer.writeInt8(value, this.#length)
    return this
  }

  int16(value: number): this {
    this.#room(2)
    this.#length = this.#buffer.writeInt16BE(value, this.#length)
    return this
  }

  int32(value: number): this {
    this.#room(4)
    this.#length = this.#buffer.writeInt32BE(value, this.#length)
    return this
  }

  int64(value: number): this {
    this.#room(8)
    this.#length = this.#buffer.writeBigInt64BE(BigInt(value), this.#length)
    return this
  }

  /** `undefined` is null. */
  string(value: string | undefined): this {
    if (value === undefined) return this.int16(-1)
    const sizeBytes = Buffer.byteLength(value)
    this.int16(sizeBytes)
    this.#room(sizeBytes)
    this.#length += this.#buffer.write(value, this.#length)
    return this
  }

  bytes(value: Uint8Array): this {
    return this.int32(value.length).raw(value)
  }

  raw(value: Uint8Array): this {
    this.#room(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
    return this
  }

  array<T>(values: readonly T[], write: (value: T, writer: Writer) => void): this {
    this.int32(values.length)
    for (const value of values) write(value, this)
    return this
  }

  /** What has been written so far; shares memory with the writer. */
  get written(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #room(sizeBytes: number): void {
    const needed = this.#length + sizeBytes
    if (needed <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}

/** A request as sent: size, header, body. */
export function frameOf(
  { key, version }: { readonly key: number; readonly version: number },
  correlation: number,
  body: Buffer,
): Buffer {
  const header = new Writer(64).int32(0).int16(key).int16(version).int32(correlation).string(clientId).written
  header.writeInt32BE(header.length - 4 + body.length, 0)
  return Buffer.concat([header, body])
}

/** The client id that brokers log. */
export const clientId = 'cloudbench'
