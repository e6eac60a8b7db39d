const tab = 9
export const lf = 10
export const cr = 13
export const space = 32
export const comma = 44
export const zero = 48
export const nine = 57
export const colon = 58

const ofToken = 1
const ofText = 2

/** What bytes may stand for (RFC 9110, 5.5 and 5.6.2). */
const kinds = new Uint8Array(256)
for (let byte = space; byte < 256; byte++) if (byte !== 127) kinds[byte] = ofText
kinds[tab] = ofText
for (const byte of Buffer.from(
  "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
))
  kinds[byte]! |= ofToken

/** Of the name of a field. */
export function isToken(byte: number): boolean {
  return (kinds[byte]! & ofToken) !== 0
}

/** Of a value, or of a reason: no control character but the tab. */
export function isText(byte: number): boolean {
  return (kinds[byte]! & ofText) !== 0
}

export function isBlank(byte: number): boolean {
  return byte === space || byte === tab
}

/** Whether some bytes are a word, in whatever case. @param word In small letters. */
export function isWord(bytes: Buffer, from: number, to: number, word: Buffer): boolean {
  if (to - from !== word.length) return false
  for (let at = 0; at < word.length; at++) {
    const byte = bytes[from + at]!
    const small = byte >= 65 && byte <= 90 ? byte | 32 : byte
    if (small !== word[at]) return false
  }
  return true
}
