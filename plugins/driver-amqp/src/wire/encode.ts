/** Bytes of one encoded value. */
export type Encoded = Buffer

// what a client writes once per connection or link; what it writes per message is laid out in place

export const nothing: Encoded = Buffer.of(0x40)

export function boolean(value: boolean): Encoded {
  return Buffer.of(value ? 0x41 : 0x42)
}

export function ubyte(value: number): Encoded {
  return Buffer.of(0x50, value)
}

export function ushort(value: number): Encoded {
  return Buffer.of(0x60, value >>> 8, value & 0xff)
}

/** Always of four bytes, so that it can be overwritten in place. */
export function uint(value: number): Encoded {
  const bytes = Buffer.of(0x70, 0, 0, 0, 0)
  bytes.writeUInt32BE(value, 1)
  return bytes
}

export function string(text: string): Encoded {
  return variable(0xa1, Buffer.from(text))
}

export function symbol(text: string): Encoded {
  return variable(0xa3, Buffer.from(text, 'latin1'))
}

export function binary(bytes: Buffer): Encoded {
  return variable(0xa0, bytes)
}

/** @param code That for up to 255 bytes. */
function variable(code: number, bytes: Buffer): Encoded {
  if (bytes.length < 256) return Buffer.concat([Buffer.of(code, bytes.length), bytes])
  const head = Buffer.of(code + 0x10, 0, 0, 0, 0)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

export function list(values: readonly Encoded[]): Encoded {
  const bytes = Buffer.concat(values)
  if (bytes.length < 255 && values.length < 256)
    return Buffer.concat([Buffer.of(0xc0, bytes.length + 1, values.length), bytes])
  const head = Buffer.of(0xd0, 0, 0, 0, 0, 0, 0, 0, 0)
  head.writeUInt32BE(bytes.length + 4, 1)
  head.writeUInt32BE(values.length, 5)
  return Buffer.concat([head, bytes])
}

/** A map with one key, of few bytes. */
export function entry(key: Encoded, value: Encoded): Encoded {
  return Buffer.concat([Buffer.of(0xc1, key.length + value.length + 1, 2), key, value])
}

/** A list whose kind is known by a number. */
export function described(code: number, values: readonly Encoded[]): Encoded {
  return Buffer.concat([Buffer.of(0, 0x53, code), list(values)])
}
