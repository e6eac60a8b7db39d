/** Fields of a header block that no table is needed for, and that no proxy puts into one: each stands for itself. */

/** A field of the static table with its value. */
export function indexedField(index: number): Buffer {
  return Buffer.from([0x80 | index])
}

/** A field that is never indexed, with a name of the static table or one of its own. */
export function literalField(name: number | string, value: string): Buffer {
  return Buffer.concat([fieldName(name), lengthOf(Buffer.byteLength(value, 'latin1')), latin1(value)])
}

/** Its beginning: all but the value. */
export function fieldName(name: number | string): Buffer {
  if (typeof name === 'string')
    return Buffer.concat([Buffer.from([0x10]), lengthOf(name.length), latin1(name)])
  return name < 15 ? Buffer.from([0x10 | name]) : Buffer.from([0x1f, name - 15])
}

/** The length of a text, which is not compressed. */
function lengthOf(length: number): Buffer {
  const bytes = Buffer.allocUnsafe(6)
  return bytes.subarray(0, writeLength(bytes, 0, length))
}

/** @returns Where the text goes. */
export function writeLength(bytes: Buffer, at: number, length: number): number {
  if (length < 127) {
    bytes[at] = length
    return at + 1
  }
  bytes[at++] = 127
  let rest = length - 127
  while (rest >= 128) {
    bytes[at++] = 128 | (rest & 127)
    rest >>>= 7
  }
  bytes[at] = rest
  return at + 1
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
