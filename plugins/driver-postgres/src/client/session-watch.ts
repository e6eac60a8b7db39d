import { errorWithCode } from '@cloudbench/driver-kit'
import { isFatal } from '../error-replies.ts'
import { errorReplyOf, letters } from '../wire/answers.ts'
import { createReader, malformed, shown } from '../wire/reader.ts'

/** What a server says to a library that keeps some of it to itself. */
export interface SessionWatch {
  /** @throws When it is not the protocol, or more than the load can have asked for. */
  read(chunk: Buffer): void
  /** What the server calls its process; null if it has not said. */
  processID(): number | null
  /** Why the server ends the connection, if it has said so. */
  farewell(): Error | undefined
}

const authentication = 0x52
const backendKey = 0x4b

/** What an answer may consist of, and what begins a session: no COPY, and no portal that is suspended. */
const known: ReadonlySet<number> = new Set([...Object.values(letters), ...Buffer.from('IKRntv')])

/** Kinds of authentication that postgres.js has: none, with a password, and the steps of SCRAM. */
const passwordKinds: ReadonlySet<number> = new Set([3, 5, 10])
const furtherKinds: ReadonlySet<number> = new Set([0, 11, 12])
/** The challenge of SCRAM, with as many rounds as are made in seconds. */
const challenge = /^r=[^,]+,s=[a-zA-Z\d+/]+=*,i=[1-9]\d{0,6}(?:,|$)/

/**
 * Reads along with postgres.js, which forgets why a server ended a session, prints what it does not know, and ends the
 * process over a challenge that is none.
 * @param limitBytes Of a message.
 */
export function createSessionWatch(password: string | undefined, limitBytes: number): SessionWatch {
  let processID: number | null = null
  let farewell: Error | undefined

  const authenticate = (bytes: Buffer, at: number, end: number): void => {
    const kind = end - at < 4 ? -1 : bytes.readInt32BE(at)
    if (passwordKinds.has(kind)) {
      if (password === undefined) throw new Error('the server asks for a password')
    } else if (!furtherKinds.has(kind)) throw malformed(`Unknown authentication ${kind}`)
    if (kind === 11 && !challenge.test(bytes.toString('latin1', at + 4, end)))
      throw malformed('a challenge of SCRAM that is none')
  }

  const read = createReader((letter, bytes, at, end) => {
    if (letter === letters.error) {
      const { severity, code, message } = errorReplyOf(bytes, at, end)
      if (isFatal({ severity, code })) farewell ??= errorWithCode(code, message)
    } else if (letter === authentication) authenticate(bytes, at, end)
    else if (letter === backendKey && end - at >= 8) processID = bytes.readInt32BE(at)
    else if (!known.has(letter)) throw malformed(`unexpected, a message ${shown(letter)}`)
  }, limitBytes)

  return {
    read: (chunk) => read(chunk, chunk.length),
    processID: () => processID,
    farewell: () => farewell,
  }
}
