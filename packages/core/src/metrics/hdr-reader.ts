import { inflateSync } from 'node:zlib'
import { CloudbenchError } from '../errors.ts'
import { headBytes } from './hdr.ts'
import { slotCount } from './layout.ts'
import type { HistogramData } from './recorder.ts'

/** What may still be unpacked, in bytes: shared by all histograms of a file, which may inflate a thousandfold. */
export interface Allowance {
  bytes: number
}

/** A count has at most nine bytes. */
const largestBytes = headBytes + 9 * slotCount

/**
 * The counts of an encoded histogram. Throws when it is damaged, or has a different layout. Read here and not by the
 * library, which follows whatever lengths are written.
 */
export function decodeHdr(
  base64: string,
  allowance: Allowance = { bytes: largestBytes },
): Pick<HistogramData, 'slots' | 'counts'> {
  const packed = Buffer.from(base64, 'base64')
  if (packed.length < 8 || cookieOf(packed) !== 0x1c_84_93_04)
    throw damaged('it is not HdrHistogram V2, compressed')
  const bytes = inflated(packed.subarray(8), Math.min(largestBytes, allowance.bytes))
  allowance.bytes -= bytes.length
  if (bytes.length < headBytes || cookieOf(bytes) !== 0x1c_84_93_03)
    throw damaged('its content is not HdrHistogram V2')
  // at 8 there is an offset, which libraries write as 0 or 1 and which only shifted histograms use
  const [length, digits] = [bytes.readInt32BE(4), bytes.readInt32BE(12)]
  const lowest = bytes.readBigInt64BE(16)
  if (digits !== 3 || lowest !== 1n) throw damaged(`it has ${digits} digits from ${lowest}, not 3 from 1`)
  if (length !== bytes.length - headBytes)
    throw damaged(`its counts have ${bytes.length - headBytes} bytes, not ${length}`)
  return countsOf(bytes.subarray(headBytes))
}

/** A cookie without the bits that say how wide a word is. */
function cookieOf(bytes: Buffer): number {
  return (bytes.readUInt32BE(0) & ~0xf0) >>> 0
}

function inflated(bytes: Buffer, most: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, most) })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw damaged(code === 'ERR_BUFFER_TOO_LARGE' ? `it inflates to more than ${most} bytes` : message, cause)
  }
}

/** Counts in ZigZag LEB128; a negative one stands for as many slots without values, and so does 0 for one. */
function countsOf(bytes: Buffer): Pick<HistogramData, 'slots' | 'counts'> {
  const slots: number[] = []
  const counts: number[] = []
  let slot = 0
  for (let at = 0; at < bytes.length;) {
    let coded = 0
    let isOpen = true
    for (let position = 0; isOpen; position++) {
      if (at === bytes.length || position === 8) throw damaged('a count is cut off, or beyond all bounds')
      const byte = bytes[at++]!
      coded += (byte & 0x7f) * 2 ** (7 * position)
      isOpen = byte >= 0x80
    }
    if (!Number.isSafeInteger(coded)) throw damaged('a count is beyond all bounds')
    const taken = coded % 2 === 1 ? (coded + 1) / 2 : 1
    if (slot + taken > slotCount) throw damaged(`it has ${slot + taken} slots, more than ${slotCount}`)
    if (coded % 2 === 0 && coded > 0) {
      slots.push(slot)
      counts.push(coded / 2)
    }
    slot += taken
  }
  return { slots: Uint16Array.from(slots), counts: Float64Array.from(counts) }
}

function damaged(why: string, cause?: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_RESULT_FILE',
    what: `a histogram cannot be read: ${why}`,
    expected: 'HdrHistogram V2, compressed, base64, values in nanoseconds',
    cause,
  })
}
