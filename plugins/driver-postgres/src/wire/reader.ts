import { appended, errorWithCode } from '@cloudbench/driver-kit'

/** A message: its letter, and its body, which is valid during the call. May throw, which ends the reading. */
export type Receive = (letter: number, bytes: Buffer, at: number, end: number) => void

/** More than any error or notice; a row may have its payload in addition. */
export const largestReplyBytes = 16 * 1024 ** 2

/** The letter and the length. */
const headBytes = 5

/** Room for the beginning of an unfinished message. */
const smallestKeptBytes = 256
const largestKeptBytes = 65_536

/** Messages that may be longer than this: errors, notices, notifications, and rows. As in libpq. */
const shortMessageBytes = 30_000
const longMessages = new Set(Buffer.from('DENATS'))

/**
 * Puts messages of a server together, whichever way they are cut, in one pass over what was read. Only what is unfinished
 * at the end of a read is copied, into a buffer that grows with what has come and not with the length that was announced.
 * @param limitBytes Of a long message; a longer one is no message of a PostgreSQL that has been asked for what we ask.
 */
export function createReader(receive: Receive, limitBytes: number): (shared: Buffer, length: number) => void {
  /** The beginning of an unfinished message. */
  let kept: Buffer = Buffer.allocUnsafeSlow(smallestKeptBytes)
  let keptBytes = 0

  const keep = (shared: Buffer, from: number, to: number): void => {
    kept = appended(kept, keptBytes, shared, from, to)
    keptBytes += to - from
  }

  /** Continues the unfinished message. @returns Where the read goes on after it, or -1 if it is still unfinished. */
  const finish = (shared: Buffer, length: number): number => {
    let at = 0
    if (keptBytes < headBytes) {
      at = Math.min(headBytes - keptBytes, length)
      keep(shared, 0, at)
      if (keptBytes < headBytes) return -1
    }
    const missing = messageBytes(kept, 0, limitBytes) - keptBytes
    const to = Math.min(at + missing, length)
    keep(shared, at, to)
    if (to - at < missing) return -1
    const end = keptBytes
    keptBytes = 0
    receive(kept[0]!, kept, headBytes, end)
    // a large message is the exception, and need not keep its memory
    if (kept.length > largestKeptBytes) kept = Buffer.allocUnsafeSlow(smallestKeptBytes)
    return to
  }

  return (shared, length) => {
    let at = keptBytes === 0 ? 0 : finish(shared, length)
    if (at < 0) return
    while (length - at >= headBytes) {
      const end = at + messageBytes(shared, at, limitBytes)
      if (end > length) break
      receive(shared[at]!, shared, at + headBytes, end)
      at = end
    }
    if (at < length) keep(shared, at, length)
  }
}

/** The length of the message that begins there, with its letter. */
function messageBytes(bytes: Buffer, at: number, limitBytes: number): number {
  const length = (bytes[at + 1]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!
  if (length < 4 || (length > shortMessageBytes && (length > limitBytes || !longMessages.has(bytes[at]!))))
    throw malformed(`a message ${shown(bytes[at]!)} of ${length} bytes`)
  return length + 1
}

/** What came is not the protocol. */
export function malformed(what: string): Error {
  return errorWithCode('INVALID_RESPONSE', `invalid response: ${what}`)
}

/** A letter for an error. */
export function shown(letter: number): string {
  return letter > 32 && letter < 127 ? String.fromCharCode(letter) : `0x${letter.toString(16)}`
}
