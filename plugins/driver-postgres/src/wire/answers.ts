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
  let digit = end - 2
  if (digit < at || bytes[end - 1] !== 0) throw malformed('a CommandComplete without an end')
  let rows = 0
  let worth = 1
  while (digit >= at) {
    const value = bytes[digit]! - zero
    if (value < 0 || value > 9) break
    rows += value * worth
    worth *= 10
    digit--
  }
  return worth === 1 ? -1 : rows
}

/** What an ErrorResponse says. */
export interface ErrorReply {
  /** Not translated, unlike what people see. Empty if it was left out, as is the code. */
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
  const { V: severity = fields['S'] ?? '', C: code = '', M: message = '' } = fields
  return { severity, code, message }
}
