/** CRC-32C (Castagnoli), reflected, as in RFC 3720, appendix B.4. */
const polynomial = 0x82f6_3b78

/** Table k holds the checksum of each byte followed by k zero bytes, so that eight bytes are looked up at a time. */
const tables = createTables()

/** The checksum of part of a buffer; `before` is the checksum of what precedes it. */
export function crc32c(buffer: Uint8Array, from: number, to: number, before = 0): number {
  let crc = ~before
  let at = from
  for (const wide = to - 7; at < wide; at += 8) {
    const low =
      crc ^ (buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24))
    crc =
      tables[1792 + (low & 255)]! ^
      tables[1536 + ((low >>> 8) & 255)]! ^
      tables[1280 + ((low >>> 16) & 255)]! ^
      tables[1024 + (low >>> 24)]! ^
      tables[768 + buffer[at + 4]!]! ^
      tables[512 + buffer[at + 5]!]! ^
      tables[256 + buffer[at + 6]!]! ^
      tables[buffer[at + 7]!]!
  }
  for (; at < to; at++) crc = tables[(crc ^ buffer[at]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}

function createTables(): Int32Array {
  const made = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    made[byte] = crc
  }
  for (let at = 256; at < made.length; at++) {
    const shorter = made[at - 256]!
    made[at] = made[shorter & 255]! ^ (shorter >>> 8)
  }
  return made
}
