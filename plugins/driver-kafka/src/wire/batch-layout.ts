/** Where the fields of a record batch (version 2) are, counted from its beginning. */
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
/** In the attributes: which codec the records are packed with. */
export const codecBits = 7
/** In the attributes: the records are marks of transactions, not messages. */
export const controlBit = 32
