/** The frame types of RFC 9113. */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const

export const flag = { endStream: 0x1, ack: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const

export const setting = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const

/** What comes before the payload of every frame. */
export const headBytes = 9

/** The first bytes of a client. */
export const preface: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** What holds until settings say otherwise. */
export const initialWindowBytes = 65_535
export const smallestFrameLimitBytes = 16_384
export const largestFrameLimitBytes = 16_777_215
export const largestWindowBytes = 2_147_483_647

export function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/** Without the first bit, which has no meaning. */
export function readUint31(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at) & 0x7fff_ffff
}

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

/** Writes what comes before a payload. */
export function writeHead(
  bytes: Uint8Array,
  at: number,
  length: number,
  type: number,
  flags: number,
  stream: number,
): void {
  bytes[at] = length >>> 16
  bytes[at + 1] = length >>> 8
  bytes[at + 2] = length
  bytes[at + 3] = type
  bytes[at + 4] = flags
  writeUint32(bytes, at + 5, stream)
}

/** A whole frame, for those that are rare. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = none): Buffer {
  const bytes = Buffer.allocUnsafe(headBytes + payload.length)
  writeHead(bytes, 0, payload.length, type, flags, stream)
  bytes.set(payload, headBytes)
  return bytes
}

const none = new Uint8Array(0)

/** The payload of `SETTINGS`. */
export function settingsPayload(values: readonly (readonly [id: number, value: number])[]): Buffer {
  const bytes = Buffer.alloc(values.length * 6)
  for (const [at, [id, value]] of values.entries()) {
    bytes.writeUInt16BE(id, at * 6)
    bytes.writeUInt32BE(value, at * 6 + 2)
  }
  return bytes
}

/** The payload of frames that hold one number. */
export function uint32Payload(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}
