/** Builds the body of a request or an answer, in the encoding of the versions before flexible ones. */
export class Writer {
  #buffer: Buffer
  #length = 0

  constructor(sizeBytes = 256) {
    this.#buffer = Buffer.allocUnsafe(sizeBytes)
  }

  int8(value: number): this {
    this.#length = this.#room(1).writeInt8(value, this.#length)
    return this
  }

  int16(value: number): this {
    this.#length = this.#room(2).writeInt16BE(value, this.#length)
    return this
  }

  int32(value: number): this {
    this.#length = this.#room(4).writeInt32BE(value, this.#length)
    return this
  }

  int64(value: number): this {
    this.#length = this.#room(8).writeBigInt64BE(BigInt(value), this.#length)
    return this
  }

  /** `undefined` is null. */
  string(value: string | undefined): this {
    if (value === undefined) return this.int16(-1)
    const sizeBytes = Buffer.byteLength(value)
    this.int16(sizeBytes)
    this.#length += this.#room(sizeBytes).write(value, this.#length)
    return this
  }

  bytes(value: Uint8Array): this {
    return this.int32(value.length).raw(value)
  }

  raw(value: Uint8Array): this {
    this.#room(value.length).set(value, this.#length)
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

  /** The buffer, with room for that many bytes more. */
  #room(sizeBytes: number): Buffer {
    const needed = this.#length + sizeBytes
    if (needed > this.#buffer.length)
      this.#buffer = Buffer.concat([this.#buffer], Math.max(needed, this.#buffer.length * 2))
    return this.#buffer
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
