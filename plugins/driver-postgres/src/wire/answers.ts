import { malformed } from './reader.ts'

/** Letters of the messages that a server sends. */
export const letters = {
  parseComplete: 0x31,
  bindComplete: 0x32,
  closeComplete: 0x33,
  notification: 0x41,
  commandComplete: 0x43,
  dataRow: 0x44,
  error: 0x45,
  notice: 0x4e,
  parameterStatus: 0x53,
  rowDescription: 0x54,
  ready: 0x5a,
} as const

const zero = 48

/**
 * How many rows a CommandComplete speaks of: the number at its end, as in `INSERT 0 100`; -1 if there is none. Makes no
 * string.
 */
export function rowsOfTag(bytes: Buffer, at: number, end: number): number {
  if (end === at || bytes[end - 1] !== 0) throw malformed('a CommandComplete without an end')
  let rows = 0
  let worth = 1
  let place = end - 2
  while (place >= at) {
    const digit = bytes[place]! - zero
    if (digit < 0 || digit > 9) break
    rows += digit * worth
    worth *= 10
    place--
  }
  while (place >= at) if (bytes[place--] === 0) throw malformed('a CommandComplete with two ends')
  return worth === 1 ? -1 : rows
}

/** What an ErrorResponse says. */
export interface ErrorReply {
  /** Not translated, unlike what people see. */
  readonly severity: string
  /** The SQLSTATE. */
  readonly code: string
  readonly message: string
}

export function errorReplyOf(bytes: Buffer, at: number, end: number): ErrorReply {
  const fields: Record<string, string> = {}
  let from = at
  while (from < end && bytes[from] !== 0) {
    const to = bytes.indexOf(0, from)
    if (to < 0 || to >= end) throw malformed('an error without an end')
    fields[String.fromCharCode(bytes[from]!)] = bytes.toString('utf8', from + 1, to)
    from = to + 1
  }
  if (from !== end - 1) throw malformed('an error without an end')
  // servers before 9.6 only say the translated severity
  const { S: translated, V: severity = translated, C: code, M: message } = fields
  if (severity === undefined || message === undefined || code === undefined || !/^[\dA-Z]{5}$/.test(code))
    throw malformed('an error without severity, SQLSTATE or message')
  return { severity, code, message }
}
