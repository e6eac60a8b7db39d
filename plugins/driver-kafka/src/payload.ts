import { errorWithCode } from '@cloudbench/driver-kit'

const ledgerDigits = 12
const writerDigits = 6
const sequenceDigits = 12
/** Such as `1f0c9a88b3d4.000017.000000004711.`: the ledger that the message is in, its writer, and its sequence number. */
export const headerBytes = ledgerDigits + writerDigits + sequenceDigits + 3
const separator = 46

/** How many different fillings there are; a power of two. */
const fillings = 65_536

/** Random capital letters, as `kafka-producer-perf-test` sends them: a codec makes them a third smaller. */
export function createFilling(seed: number, valueBytes: number): Buffer {
  const filling = Buffer.allocUnsafeSlow(fillings + valueBytes)
  // xorshift, from G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003)
  let state = (seed ^ 0x9e37_79b9) | 1
  for (let at = 0; at < filling.length; at++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    filling[at] = 65 + ((state >>> 8) % 26)
  }
  return filling
}

/** Writes the values of one writer: the same arrival has the same filling, no matter which connection sends it. */
export function createValueWriter(
  ledgerId: string,
  writer: number,
  filling: Buffer,
  valueBytes: number,
): (buffer: Buffer, at: number, sequence: number, index: number) => void {
  if (writer >= 10 ** writerDigits)
    throw errorWithCode('TOO_MANY_CONNECTIONS', `more than ${10 ** writerDigits} connections were opened`)
  const head = Buffer.from(`${ledgerId}.${String(writer).padStart(writerDigits, '0')}.`)
  const fillingBytes = valueBytes - headerBytes
  return (buffer, at, sequence, index) => {
    buffer.set(head, at)
    let rest = sequence
    for (let digit = at + headerBytes - 2, last = digit - sequenceDigits; digit > last; digit--) {
      buffer[digit] = 48 + (rest % 10)
      rest = Math.floor(rest / 10)
    }
    buffer[at + headerBytes - 1] = separator
    // an odd factor visits every filling before it repeats one
    const from = Math.imul(index, 40_503) & (fillings - 1)
    filling.copy(buffer, at + headerBytes, from, from + fillingBytes)
  }
}

/** Whether a value belongs to a ledger. Makes no string of it. */
export function isInLedger(ledgerId: Uint8Array, buffer: Buffer, from: number, to: number): boolean {
  if (from < 0 || to - from < headerBytes) return false
  for (let at = 0; at < ledgerDigits; at++) if (buffer[from + at] !== ledgerId[at]) return false
  return buffer[from + ledgerDigits] === separator
}

/** The writer of a value in a ledger; NaN when it is not a number. */
export function writerOf(buffer: Buffer, from: number): number {
  return digitsAt(buffer, from + ledgerDigits + 1, writerDigits)
}

/** The sequence number of a value in a ledger; NaN when it is not a number. */
export function sequenceOf(buffer: Buffer, from: number): number {
  return digitsAt(buffer, from + ledgerDigits + writerDigits + 2, sequenceDigits)
}

function digitsAt(buffer: Buffer, from: number, digits: number): number {
  let value = 0
  for (let at = from; at < from + digits; at++) {
    const digit = buffer[at]! - 48
    if (!(digit >= 0 && digit <= 9)) return NaN
    value = value * 10 + digit
  }
  return value
}
