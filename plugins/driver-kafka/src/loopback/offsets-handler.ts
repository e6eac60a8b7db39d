import { noError } from '../wire/protocol-errors.ts'
import { Writer } from '../wire/writer.ts'
import type { Handler } from './request.ts'
import { unknownTopic } from './topics.ts'

/** In place of a time: the first offset of a partition. */
const earliest = -2

export const answerListOffsets: Handler = ({ body, answer }, { topics }) => {
  body.int32()
  body.int8()
  const to = new Writer().int32(0)
  const wanted = body.array((from) => ({
    topic: from.string(),
    partitions: from.array(() => ({ partition: from.int32(), time: from.int64() })),
  }))
  to.array(wanted, ({ topic, partitions }) => {
    to.string(topic).array(partitions, ({ partition, time }) => {
      const log = topics.logOf(topic, partition)
      const offset = log === undefined ? -1 : time === earliest ? log.startOffset : log.endOffset
      to.int32(partition)
        .int16(log ? noError : unknownTopic)
        .int64(-1)
        .int64(offset)
    })
  })
  answer(to.written)
}
