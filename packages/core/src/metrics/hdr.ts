import { rangeNs } from './layout.ts'
import type { HistogramData } from './recorder.ts'

/** Bytes before the counts: cookie, length, index offset, digits, lowest, highest, ratio. */
export const headBytes = 40
/** Its low bits say that words have eight bytes. */
const cookies = { compressed: 0x1c_84_93_14, plain: 0x1c_84_93_13 } as const

/** HdrHistogram V2, compressed, base64. Overflow, exact minimum, maximum and sum are not part of that format. */
export function encodeHdr({ slots, counts }: Pick<HistogramData, 'slots' | 'counts'>): string {
  const coded: number[] = []
  let next = 0
  for (let at = 0; at < slots.length; at++) {
    const empty = slots[at]! - next
    // slots without values in ZigZag: one is 0, several are their negative number
    if (empty > 0) putLeb(coded, empty === 1 ? 0 : 2 * empty - 1)
    putLeb(coded, counts[at]! * 2)
    next = slots[at]! + 1
  }
  const bytes = Buffer.alloc(headBytes + coded.length)
  bytes.writeUInt32BE(cookies.plain, 0)
  bytes.writeInt32BE(coded.length, 4)
  bytes.writeInt32BE(3, 12)
  bytes.writeBigInt64BE(1n, 16)
  bytes.writeBigInt64BE(BigInt(rangeNs - 1), 24)
  bytes.writeDoubleBE(1, 32)
  bytes.set(coded, headBytes)
  // programs and plugins that encode nothing import this too
  const packed = process.getBuiltinModule('node:zlib').deflateSync(bytes)
  const head = Buffer.alloc(8)
  head.writeUInt32BE(cookies.compressed, 0)
  head.writeInt32BE(packed.length, 4)
  return Buffer.concat([head, packed]).toString('base64')
}

/** Seven bits in a byte, the lowest first; all but the last have the highest bit set. */
function putLeb(bytes: number[], value: number): void {
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  bytes.push(rest)
}
