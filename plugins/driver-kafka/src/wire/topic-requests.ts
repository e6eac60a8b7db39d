import type { Link } from '../client/link.ts'
import { api } from './api.ts'
import { errorName, noError } from './protocol-errors.ts'
import { Writer } from './writer.ts'

const timeLimitMs = 30_000
const topicResource = 2

/** How a request about a topic ended: `NONE` or the protocol's name for the error, and the broker's message. */
export interface TopicAnswer {
  readonly error: string
  readonly message: string | undefined
}

export interface NewTopic {
  readonly topic: string
  readonly partitions: number
  /** The cluster's default when undefined. */
  readonly replication: number | undefined
  readonly settings: Readonly<Record<string, string>>
}

export function askCreateTopic(
  link: Link,
  { topic, partitions, replication, settings }: NewTopic,
): Promise<TopicAnswer> {
  const body = new Writer()
    .array([topic], (name, to) =>
      to
        .string(name)
        .int32(partitions)
        .int16(replication ?? -1)
        .int32(0)
        .array(Object.entries(settings), ([key, value]) => to.string(key).string(value)),
    )
    .int32(timeLimitMs)
    .int8(0).written
  return link.ask(api.createTopics, body, (answer) => {
    answer.int32()
    const [created] = answer.array((from) => {
      from.string()
      return topicAnswer(from.int16(), from.string())
    })
    return created ?? topicAnswer(-1, undefined)
  })
}

export function askDeleteTopic(link: Link, topic: string): Promise<TopicAnswer> {
  const body = new Writer().array([topic], (name, to) => to.string(name)).int32(timeLimitMs).written
  return link.ask(api.deleteTopics, body, (answer) => {
    answer.int32()
    const [deleted] = answer.array((from) => {
      from.string()
      return topicAnswer(from.int16(), undefined)
    })
    return deleted ?? topicAnswer(-1, undefined)
  })
}

/** The value of one setting of a topic; undefined when it has none, or we may not read it. */
export function askTopicSetting(link: Link, topic: string, setting: string): Promise<string | undefined> {
  const body = new Writer()
    .array([topic], (name, to) =>
      to
        .int8(topicResource)
        .string(name)
        .array([setting], (key) => to.string(key)),
    )
    .int8(0).written
  return link.ask(api.describeConfigs, body, (answer) => {
    answer.int32()
    const [settings = []] = answer.array((from) => {
      from.int16()
      from.string()
      from.int8()
      from.string()
      return from.array(() => {
        const name = from.string()
        const value = from.string()
        from.int8()
        from.int8()
        from.int8()
        from.array(() => {
          from.string()
          from.string()
          from.int8()
        })
        return { name, value }
      })
    })
    return settings.find(({ name }) => name === setting)?.value
  })
}

/** Whether a topic keeps only the newest message of every key, and so may lack any other. */
export async function isCompacted(link: Link, topic: string): Promise<boolean> {
  const policy = await askTopicSetting(link, topic, 'cleanup.policy')
  return policy !== undefined && policy.includes('compact')
}

function topicAnswer(code: number, message: string | undefined): TopicAnswer {
  return { error: code === noError ? 'NONE' : errorName(code), message }
}
