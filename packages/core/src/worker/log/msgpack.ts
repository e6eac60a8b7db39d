/** What the header and the definitions of a log consist of. */
export type Packable =
  | string
  | number
  | boolean
  | null
  | readonly Packable[]
  | { readonly [key: string]: Packable }

/** A value in msgpack. Numbers have 64 bits: what is written once per name need not be small. */
export function pack(value: Packable): Uint8Array {
  return Buffer.concat(partsOf(value))
}

function partsOf(value: Packable): Uint8Array[] {
  if (value === null) return [Buffer.of(0xc0)]
  if (typeof value === 'boolean') return [Buffer.of(value ? 0xc3 : 0xc2)]
  if (typeof value === 'number') return [float(value)]
  if (typeof value === 'string') return [head(0xdb, Buffer.byteLength(value)), Buffer.from(value)]
  if (isList(value)) return [head(0xdd, value.length), ...value.flatMap(partsOf)]
  const entries = Object.entries(value)
  return [head(0xdf, entries.length), ...entries.flat().flatMap(partsOf)]
}

function isList(value: Packable): value is readonly Packable[] {
  return Array.isArray(value)
}

function float(value: number): Uint8Array {
  const bytes = Buffer.of(0xcb, 0, 0, 0, 0, 0, 0, 0, 0)
  bytes.writeDoubleBE(value, 1)
  return bytes
}

/** The type of what follows, and its length in 32 bits. */
function head(type: number, length: number): Uint8Array {
  const bytes = Buffer.of(type, 0, 0, 0, 0)
  bytes.writeUInt32BE(length, 1)
  return bytes
}
