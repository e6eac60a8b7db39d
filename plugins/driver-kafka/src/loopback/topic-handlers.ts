import { noError } from '../wire/protocol-errors.ts'
import { Writer } from '../wire/writer.ts'
import type { Handler } from './request.ts'
import { unknownTopic } from './topics.ts'

const topicResource = 2

export const answerCreateTopics: Handler = ({ body, answer }, { topics }) => {
  const asked = body.array((from) => {
    const name = from.string() ?? ''
    const partitions = from.int32()
    from.int16()
    from.array(() => {
      from.int32()
      from.array(() => from.int32())
    })
    const settings = from.array(() => [from.string() ?? '', from.string() ?? ''] as const)
    return { name, partitions, settings }
  })
  const to = new Writer().int32(0)
  to.array(asked, ({ name, partitions, settings }) =>
    to
      .string(name)
      .int16(topics.create(name, partitions, new Map(settings)))
      .string(undefined),
  )
  answer(to.written)
}

export const answerDeleteTopics: Handler = ({ body, answer }, { topics }) => {
  const names = body.array((from) => from.string() ?? '')
  const to = new Writer().int32(0)
  to.array(names, (name) => to.string(name).int16(topics.remove(name)))
  answer(to.written)
}

export const answerDescribeConfigs: Handler = ({ body, answer }, { topics }) => {
  const asked = body.array((from) => {
    from.int8()
    return { name: from.string() ?? '', keys: from.array(() => from.string() ?? '') }
  })
  const to = new Writer().int32(0)
  to.array(asked, ({ name, keys }) => {
    const topic = topics.get(name)
    to.int16(topic ? noError : unknownTopic)
      .string(undefined)
      .int8(topicResource)
      .string(name)
    to.array(topic ? keys : [], (key) =>
      to.string(key).string(topic!.settings.get(key)).int8(0).int8(1).int8(0).int32(0),
    )
  })
  answer(to.written)
}
