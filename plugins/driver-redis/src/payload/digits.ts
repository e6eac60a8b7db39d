/** Numbers are divided as 32-bit integers, which takes a fraction of what larger ones take. */
const chunkDigits = 8
const chunk = 100_000_000

/** How many digits a whole number from 0 has. */
export function digitsOf(value: number): number {
  let digits = 1
  for (let limit = 10; value >= limit; limit *= 10) digits++
  return digits
}

/** Writes a whole number from 0, with as many digits, zeros in front. */
export function putDigits(bytes: Uint8Array, at: number, digits: number, value: number): void {
  let rest = value
  let end = at + digits
  while (end - at > chunkDigits) {
    const high = Math.floor(rest / chunk)
    putChunk(bytes, end - chunkDigits, end, rest - high * chunk)
    rest = high
    end -= chunkDigits
  }
  putChunk(bytes, at, end, rest)
}

/** Whether these are the digits that `putDigits` writes. */
export function hasDigits(bytes: Uint8Array, at: number, digits: number, value: number): boolean {
  let rest = value
  let end = at + digits
  while (end - at > chunkDigits) {
    const high = Math.floor(rest / chunk)
    if (!hasChunk(bytes, end - chunkDigits, end, rest - high * chunk)) return false
    rest = high
    end -= chunkDigits
  }
  return hasChunk(bytes, at, end, rest)
}

/** Whether all four bytes of a word are digits, whatever their order. */
export function areDigits(word: number): boolean {
  return (word & 0xf0f0f0f0) === 0x30303030 && ((word + 0x06060606) & 0xf0f0f0f0) === 0x30303030
}

function putChunk(bytes: Uint8Array, from: number, to: number, value: number): void {
  let rest = value | 0
  for (let at = to - 1; at >= from; at--) {
    const tens = (rest / 10) | 0
    bytes[at] = 48 + rest - tens * 10
    rest = tens
  }
}

function hasChunk(bytes: Uint8Array, from: number, to: number, value: number): boolean {
  let rest = value | 0
  for (let at = to - 1; at >= from; at--) {
    const tens = (rest / 10) | 0
    if (bytes[at] !== 48 + rest - tens * 10) return false
    rest = tens
  }
  return rest === 0
}
