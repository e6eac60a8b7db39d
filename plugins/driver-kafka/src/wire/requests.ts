import type { Link } from '../client/link.ts'
import type { Address } from '../target.ts'
import { api } from './api.ts'
import { errorName, isPassing, noError, protocolError } from './protocol-errors.ts'
import { Writer } from './writer.ts'

/** A topic, as the cluster describes it. */
export interface TopicMetadata {
  /** `NONE`, or why there are no partitions. */
  readonly error: string
  /** The broker that creates and removes topics. */
  readonly controller: Address | undefined
  /** In the order of their numbers; `leader` is undefined while there is none. */
  readonly partitions: ReadonlyArray<{
    readonly partition: number
    readonly leader: Address | undefined
    readonly replicas: number
  }>
}

/** Asks for the partitions of a topic and their leaders. Never creates the topic. */
export function askMetadata(link: Link, topic: string): Promise<TopicMetadata> {
  const body = new Writer().array([topic], (name, to) => to.string(name)).int8(0).written
  return link.ask(api.metadata, body, (answer) => {
    answer.int32()
    const brokers = answer.array((from) => {
      const node = from.int32()
      const address = { host: from.string() ?? '', port: from.int32() }
      from.string()
      return { node, address }
    })
    answer.string()
    const controller = answer.int32()
    const [described] = answer.array((from) => {
      const code = from.int16()
      from.string()
      from.int8()
      const partitions = from.array(() => {
        from.int16()
        const partition = from.int32()
        const leader = from.int32()
        const replicas = from.array(() => from.int32()).length
        // those in sync
        from.array(() => from.int32())
        return { partition, replicas, leader: brokers.find(({ node }) => node === leader)?.address }
      })
      return { error: code === noError ? 'NONE' : errorName(code), partitions }
    })
    const { error = 'UNKNOWN_TOPIC_OR_PARTITION', partitions = [] } = described ?? {}
    return {
      error,
      controller: brokers.find(({ node }) => node === controller)?.address,
      partitions: partitions.toSorted((a, b) => a.partition - b.partition),
    }
  })
}

/** In place of a replica's number: a consumer, and one that may ask for the end of the leader's log. */
const ordinaryConsumer = -1
const debuggingConsumer = -2

/**
 * Where a partition starts (`earliest`), where it ends for consumers (`latest`), or where its leader's log ends (`written`),
 * which is further on while replicas are behind.
 */
export function askOffset(
  link: Link,
  topic: string,
  partition: number,
  which: 'earliest' | 'latest' | 'written',
): Promise<number> {
  const body = new Writer()
    .int32(which === 'written' ? debuggingConsumer : ordinaryConsumer)
    .int8(0)
    .array([topic], (name, to) =>
      to.string(name).array([partition], (number) => to.int32(number).int64(which === 'earliest' ? -2 : -1)),
    ).written
  return link.ask(api.listOffsets, body, (answer) => {
    answer.int32()
    const [[found] = []] = answer.array((from) => {
      from.string()
      return from.array(() => {
        from.int32()
        const code = from.int16()
        from.int64()
        return { code, offset: from.int64() }
      })
    })
    if (found?.code !== noError)
      throw protocolError(found?.code ?? -1, `the ${which} offset of ${topic}, partition ${partition}`)
    return found.offset
  })
}

/** The identity of an idempotent producer. */
export interface ProducerId {
  readonly id: number
  readonly epoch: number
}

const passingPauseMs = 50
const passingLimitMs = 15_000

/** Asks for an id, again and again while the cluster is not ready to give one. */
export async function askProducerId(link: Link): Promise<ProducerId> {
  const untilMs = performance.now() + passingLimitMs
  for (;;) {
    const { code, ...producer } = await askProducerIdOnce(link)
    if (code === noError) return producer
    if (!isPassing(errorName(code)) || performance.now() > untilMs)
      throw protocolError(code, 'no id for an idempotent producer')
    await new Promise((resolve) => setTimeout(resolve, passingPauseMs))
  }
}

function askProducerIdOnce(link: Link): Promise<ProducerId & { readonly code: number }> {
  const body = new Writer().string(undefined).int32(60_000).written
  return link.ask(api.initProducerId, body, (answer) => {
    answer.int32()
    return { code: answer.int16(), id: answer.int64(), epoch: answer.int16() }
  })
}
