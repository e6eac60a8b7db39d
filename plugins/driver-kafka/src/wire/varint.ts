// numbers in records are zigzag varints, as in Protocol Buffers. The driver writes none below 0.

export function varintSize(value: number): number {
  let rest = value * 2
  let size = 1
  for (; rest > 127; rest = Math.floor(rest / 128)) size++
  return size
}

/** Writes a number from 0 to 2^52. @returns the position after it. */
export function writeVarint(buffer: Uint8Array, at: number, value: number): number {
  let rest = value * 2
  let end = at
  for (; rest > 127; rest = Math.floor(rest / 128)) buffer[end++] = (rest % 128) | 128
  buffer[end++] = rest
  return end
}

/** Reads numbers one after another. */
export interface VarintReader {
  readonly buffer: Uint8Array
  at: number
}

/** @throws RangeError when the buffer ends in the middle of it. */
export function readVarint(reader: VarintReader): number {
  const value = readVaruint(reader)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

/** One without a sign. @throws RangeError when the buffer ends in the middle of it. */
export function readVaruint(reader: VarintReader): number {
  const { buffer } = reader
  let value = 0
  for (let factor = 1; ; factor *= 128) {
    const byte = buffer[reader.at++]
    if (byte === undefined) throw new RangeError('a number is cut off')
    value += (byte & 127) * factor
    if (byte < 128) return value
  }
}
