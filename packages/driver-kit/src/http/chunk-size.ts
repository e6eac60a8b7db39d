import { invalid } from './fault.ts'

/** As many digits as are exact. */
const longestSizeDigits = 13

const token = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+"
const quoted = '"(?:[\\t \\x21\\x23-\\x5B\\x5D-\\x7E\\x80-\\xFF]|\\\\[\\t \\x21-\\x7E\\x80-\\xFF])*"'
const blanks = '[ \\t]*'
const extensions = new RegExp(
  `^(?:${blanks};${blanks}${token}(?:${blanks}=${blanks}(?:${token}|${quoted}))?)+$`,
)

/** The size of a chunk (RFC 9112, 7.1), from its first line without the end. Extensions must be some, and mean nothing. */
export function chunkSize(bytes: Buffer, from: number, to: number): number {
  let at = from
  let size = 0
  for (; at < to; at++) {
    const digit = valueOf(bytes[at]!)
    if (digit < 0) break
    size = size * 16 + digit
    if (at - from >= longestSizeDigits) throw invalid('a chunk is too large')
  }
  if (at === from) throw invalid('a chunk has no size')
  if (at < to && !extensions.test(bytes.toString('latin1', at, to)))
    throw invalid('the size of a chunk is followed by what is no extension')
  return size
}

function valueOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const small = byte | 32
  return small >= 97 && small <= 102 ? small - 87 : -1
}
