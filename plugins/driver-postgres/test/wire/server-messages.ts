/** A message of a server, as it comes over the wire. */
export function message(letter: string, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(body)
  const head = Buffer.alloc(5)
  head.write(letter)
  head.writeInt32BE(4 + bytes.length, 1)
  return Buffer.concat([head, bytes])
}

export const row = (...columns: readonly (string | null)[]): Buffer =>
  message(
    'D',
    Buffer.concat([
      Buffer.of(0, columns.length),
      ...columns.flatMap((column) => {
        const length = Buffer.alloc(4)
        length.writeInt32BE(column === null ? -1 : Buffer.byteLength(column))
        return [length, Buffer.from(column ?? '')]
      }),
    ]),
  )

export const complete = (tag: string): Buffer => message('C', `${tag}\0`)

export const ready = message('Z', 'I')

export const error = (code: string, text: string, severity = 'ERROR'): Buffer =>
  message('E', `S${severity}\0V${severity}\0C${code}\0M${text}\0\0`)

/** What a server may say at any time. */
export const asides = [
  message('N', 'SNOTICE\0VNOTICE\0C00000\0Mby the way\0\0'),
  message('S', 'TimeZone\0Europe/Vienna\0'),
  message('A', '\0\0\0\u0007news\0come\0'),
]

/** Reads bytes in pieces of these sizes, in turns, each in the same buffer, which is overwritten after each. */
export function readInPieces(
  read: (shared: Buffer, length: number) => void,
  bytes: Buffer,
  sizes: readonly number[],
): void {
  const shared = Buffer.alloc(Math.max(...sizes))
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = Math.min(sizes[turn % sizes.length]!, bytes.length - at)
    bytes.copy(shared, 0, at, at + length)
    read(shared, length)
    shared.fill(0xee)
    at += length
  }
}
