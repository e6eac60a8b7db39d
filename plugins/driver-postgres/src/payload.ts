const digits = 10
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Repeats at a distance beyond the window of both of PostgreSQL's compression methods. */
const blockLength = 65_536

/** Text that PostgreSQL cannot compress away, always the same. */
export function fillerOf(length: number): string {
  return block(Math.min(length, blockLength))
    .repeat(Math.ceil(length / blockLength))
    .slice(0, length)
}

function block(length: number): string {
  let text = ''
  let state = 0x9e37_79b9
  while (text.length < length) {
    // xorshift, from G. Marsaglia, "Xorshift RNGs", Journal of Statistical Software 8 (2003)
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    text += alphabet[state & 63]!
  }
  return text
}

/** The payload of a row: its number, and a text that all rows share. */
export interface Payload {
  /** An SQL expression for the payload of the row whose number is in `column`. */
  sql(column: string): string
  of(id: number): string
  /** Whether this is what was written in that row. Builds no string. */
  isOf(id: number, text: string): boolean
  /** The same of the bytes of a text. */
  isIn(id: number, bytes: Buffer, at: number, length: number): boolean
  /** What is wrong with what was found in a row; `undefined` stands for no such row. */
  describe(id: number, text: string | null | undefined): string
}

export function createPayload(sizeBytes: number): Payload {
  const filler = `.${fillerOf(sizeBytes - digits - 1)}`
  const isOf = (id: number, text: string): boolean => {
    if (text.length !== sizeBytes) return false
    let rest = id
    for (let at = digits - 1; at >= 0; at--) {
      if (text.charCodeAt(at) !== 48 + (rest % 10)) return false
      rest = Math.floor(rest / 10)
    }
    return text.endsWith(filler)
  }
  const fillerBytes = Buffer.from(filler)
  return {
    isIn(id, bytes, at, length) {
      if (length !== sizeBytes) return false
      let rest = id
      for (let digit = at + digits - 1; digit >= at; digit--) {
        if (bytes[digit] !== 48 + (rest % 10)) return false
        rest = Math.floor(rest / 10)
      }
      return fillerBytes.compare(bytes, at + digits, at + length) === 0
    },
    sql: (column) => `lpad(${column}::text, ${digits}, '0') || '${filler}'`,
    of: (id) => String(id).padStart(digits, '0') + filler,
    isOf,
    describe(id, text) {
      if (text === undefined) return `row ${id} is gone`
      if (text === null) return `row ${id} has no payload`
      const other = Number(text.slice(0, digits))
      if (isOf(other, text)) return `row ${id} has the payload of row ${other}`
      return text.length === sizeBytes
        ? `row ${id} has a payload that was never written to it`
        : `row ${id} has a payload of ${text.length} characters, not of ${sizeBytes}`
    },
  }
}

const sequenceDigits = 16

/** JSON of a fixed size: `{"sequence":"0000000000000042","text":"…"}`. */
export interface DocumentShape {
  readonly bytes: Buffer
  /** Where the digits of the sequence begin, and how many there are. */
  readonly digitsAt: number
  readonly digits: number
  /** The text that all documents share. */
  readonly text: string
}

export function createDocumentShape(sizeBytes: number): DocumentShape {
  const begin = '{"sequence":"'
  const frame = `${begin}${'0'.repeat(sequenceDigits)}","text":"`
  const text = fillerOf(sizeBytes - frame.length - 2)
  return { bytes: Buffer.from(`${frame}${text}"}`), digitsAt: begin.length, digits: sequenceDigits, text }
}
