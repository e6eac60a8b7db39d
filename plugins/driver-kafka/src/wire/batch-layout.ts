/** Offsets of the fields of a record batch (version 2). */
export const layout = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  checksum: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const

export const magic = 2
/** In the attributes: the codec of the records. */
export const codecBits = 7
/** In the attributes: the records are transaction markers, not messages. */
export const controlBit = 32
