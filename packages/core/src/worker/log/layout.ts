/**
 * How a request log is laid out: a row of segments, each a frame and its contents. All of it is msgpack, with numbers of
 * a fixed width, so that a frame and a record have the same size everywhere. The contents of the first segment are the
 * header; after it come records, and the definition of each outcome before the first record that has it. A segment
 * without contents is the last.
 */
export const logFormat = 'cloudbench-log'
export const logVersion = 1

/**
 * A frame: `["cblog", crc32, number, bytes, records, dropped]`. The checksum is of all that comes after it, contents
 * included; records and dropped are counted from the beginning of the log.
 */
export const frame = { crc: 8, number: 13, contents: 18, records: 23, dropped: 32, bytes: 40 } as const
/** What the checksum begins with. */
export const checkedFrom = frame.crc + 4
/** An array of 6, and a text of 5 letters. */
export const frameStart = Buffer.from('\x96\xa5cblog', 'latin1')

/** The fields of a record, in their order. Times are nanoseconds of the machine's monotonic clock. */
export const recordFields = [
  'outcome',
  'phase',
  'connection',
  'index',
  'due',
  'sent',
  'done',
  'trace_id',
  'span_id',
] as const

/** Where the values of a record are. Before each is the byte that says its type, and of ids another for their length. */
export const record = {
  outcome: 2,
  phase: 7,
  connection: 10,
  index: 15,
  due: 24,
  sent: 33,
  done: 42,
  trace: 52,
  span: 70,
  bytes: 78,
} as const

const uint16 = 0xcd
const uint32 = 0xce
const float64 = 0xcb
const binary = 0xc4

/** An array of 9 that begins with an outcome. */
export const recordStart = 0x9900 + uint32

/** Writes the bytes of a frame that are the same in all of them. */
export function markFrame(bytes: Uint8Array, at: number): void {
  bytes.set(frameStart, at)
  for (const place of [frame.crc, frame.number, frame.contents]) bytes[at + place - 1] = uint32
  for (const place of [frame.records, frame.dropped]) bytes[at + place - 1] = float64
}

/** Writes the bytes of a record that are the same in all of them. */
export function markRecord(view: DataView, at: number): void {
  view.setUint16(at, recordStart)
  view.setUint8(at + record.phase - 1, uint16)
  view.setUint8(at + record.connection - 1, uint32)
  view.setUint8(at + record.index - 1, float64)
  view.setUint8(at + record.due - 1, float64)
  view.setUint8(at + record.sent - 1, float64)
  view.setUint8(at + record.done - 1, float64)
  view.setUint16(at + record.trace - 2, (binary << 8) + 16)
  view.setUint16(at + record.span - 2, (binary << 8) + 8)
}
