// messages of the backend, and messages of the frontend as a server reads them.

/** A message of a client: its letter, and its body without letter and length. */
export interface ClientMessage {
  readonly letter: string
  readonly body: Buffer
}

const sslRequestCode = 80_877_103

/** Assembles messages from chunks. The first has no letter: it is reported as `startup` or `ssl`. */
export function createReader(receive: (message: ClientMessage) => void): (data: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let hasBegun = false
  return (data) => {
    rest = rest.length === 0 ? data : Buffer.concat([rest, data])
    for (;;) {
      const letters = hasBegun ? 1 : 0
      if (rest.length < letters + 4) return
      const length = letters + rest.readInt32BE(letters)
      if (rest.length < length) return
      const body = rest.subarray(letters + 4, length)
      let letter = hasBegun ? String.fromCharCode(rest[0]!) : 'startup'
      if (!hasBegun && body.readInt32BE(0) === sslRequestCode) letter = 'ssl'
      else hasBegun = true
      rest = rest.subarray(length)
      receive({ letter, body })
    }
  }
}

/** Reads the parts of a message, one after another. */
export interface Fields {
  text(): string
  int16(): number
  int32(): number
  bytes(length: number): Buffer
}

export function fieldsOf(body: Buffer): Fields {
  let at = 0
  return {
    text() {
      const end = body.indexOf(0, at)
      const text = body.toString('utf8', at, end)
      at = end + 1
      return text
    },
    int16() {
      at += 2
      return body.readInt16BE(at - 2)
    },
    int32() {
      at += 4
      return body.readInt32BE(at - 4)
    },
    bytes(length) {
      at += length
      return body.subarray(at - length, at)
    },
  }
}

function message(letter: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)),
  )
  const head = Buffer.alloc(5)
  head.write(letter)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

const textType = 25

/** What the server calls the process of every session. */
export const backendProcess = 1

export const reply = {
  noTls: Buffer.from('N'),
  parsed: message('1'),
  bound: message('2'),
  closed: message('3'),
  noData: message('n'),
  /** Everything up to the point where queries may follow. */
  greeting: Buffer.concat([
    message('R', int32(0)),
    message('S', 'server_version', '15.0 (cloudbench loopback)'),
    message('S', 'client_encoding', 'UTF8'),
    message('K', int32(backendProcess), int32(1)),
  ]),
  ready: (isInTransaction: boolean): Buffer => message('Z', Buffer.from(isInTransaction ? 'T' : 'I')),
  complete: (tag: string): Buffer => message('C', tag),
  parameters: (count: number): Buffer =>
    message('t', int16(count), ...Array.from({ length: count }, () => int32(textType))),
  columns: (names: readonly string[]): Buffer =>
    message(
      'T',
      int16(names.length),
      ...names.flatMap((name) => [name, int32(0), int16(0), int32(textType), int16(-1), int32(-1), int16(0)]),
    ),
  row: (values: readonly (string | null)[]): Buffer =>
    message(
      'D',
      int16(values.length),
      ...values.flatMap((value) =>
        value === null ? [int32(-1)] : [int32(Buffer.byteLength(value)), Buffer.from(value)],
      ),
    ),
  error: (sqlState: string, text: string): Buffer =>
    message('E', 'SERROR', 'VERROR', `C${sqlState}`, `M${text}`, Buffer.of(0)),
}
