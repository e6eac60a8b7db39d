import { api } from '../wire/api.ts'
import { layout } from '../wire/batch-layout.ts'
import { codeOf, noError } from '../wire/protocol-errors.ts'
import { Writer } from '../wire/writer.ts'
import type { Handler } from './request.ts'
import { unknownTopic } from './topics.ts'

export const answerProduce: Handler = ({ version, body, answer }, { topics, admit }) => {
  body.string()
  const acks = body.int16()
  body.int32()
  const parts = body.array((from) => ({
    topic: from.string(),
    partitions: from.array(() => ({ partition: from.int32(), set: from.bytes() })),
  }))
  let messages = 0
  for (const { partitions } of parts)
    for (const { set } of partitions)
      if (set.length >= layout.records) messages += set.readInt32BE(layout.count)
  admit(messages, (isFailure) => {
    const to = new Writer()
    to.array(parts, ({ topic, partitions }) => {
      to.string(topic).array(partitions, ({ partition, set }) => {
        const log = topics.logOf(topic, partition)
        const code = isFailure ? codeOf('UNKNOWN_SERVER_ERROR') : log ? noError : unknownTopic
        const offset = code === noError ? log!.append(set) : -1
        to.int32(partition)
          .int16(code)
          .int64(offset)
          .int64(-1)
          .int64(log?.startOffset ?? -1)
        // no refused message, and nothing to say of the batch
        if (version >= api.produce.version) to.int32(0).string(undefined)
      })
    })
    answer(acks === 0 ? undefined : to.int32(0).written)
  })
}
