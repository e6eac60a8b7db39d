import { api } from '../wire/api.ts'
import { layout } from '../wire/batch-layout.ts'
import { createMemoryLog, type MemoryLog } from './log.ts'
import { codeOf, noError } from '../wire/protocol-errors.ts'
import type { Reader } from '../wire/reader.ts'
import type { Address } from '../target.ts'
import { Writer } from '../wire/writer.ts'

/** As many bytes of every partition are kept. */
const keptBytes = 64 * 1024 * 1024
/** Not 0: kafkajs does not find a controller of that number. */
const nodeId = 1
const apiVersions = { key: 18, version: 2 }

/** The rest of a request, and how to answer it. Without an answer, there is none. */
export interface Request {
  readonly key: number
  readonly version: number
  readonly body: Reader
  answer(body: Buffer | undefined): void
}

/** Decides when a batch is taken in, and whether it is refused. */
export type Admission = (messages: number, admitted: (isFailure: boolean) => void) => void

/** One broker that keeps its topics in memory. */
export interface MemoryBroker {
  /** @throws RangeError when a request is cut off, or one that is not spoken. */
  take(request: Request): void
  close(): void
}

interface Topic {
  readonly logs: readonly MemoryLog[]
  readonly settings: ReadonlyMap<string, string>
}

const unknown = codeOf('UNKNOWN_TOPIC_OR_PARTITION')

/** @param address Where it tells clients to find it. */
export function createMemoryBroker(address: Address, admit: Admission): MemoryBroker {
  const topics = new Map<string, Topic>()
  const timers = new Set<NodeJS.Timeout>()
  let producers = 0

  const logOf = (topic: string | undefined, partition: number): MemoryLog | undefined =>
    topics.get(topic ?? '')?.logs[partition]

  const handlers: Readonly<Record<number, (request: Request) => void>> = {
    [apiVersions.key]({ answer }) {
      const body = new Writer().int16(noError)
      body.array([...Object.values(api), { ...apiVersions, version: 2 }], ({ key, version }) =>
        // what was never changed since is understood from 0 on
        body
          .int16(key)
          .int16(key === apiVersions.key ? 0 : version)
          .int16(version),
      )
      answer(body.int32(0).written)
    },

    [api.metadata.key]({ body, answer }) {
      const names = body.array((from) => from.string() ?? '')
      const to = new Writer().int32(0)
      to.array([address], ({ host, port }) => to.int32(nodeId).string(host).int32(port).string(undefined))
      to.string('loopback').int32(nodeId)
      to.array(names, (name) => {
        const logs = topics.get(name)?.logs
        to.int16(logs ? noError : unknown)
          .string(name)
          .int8(0)
        to.array(logs ?? [], (log) => {
          to.int16(noError).int32(logs!.indexOf(log)).int32(nodeId)
          to.array([nodeId], (id) => to.int32(id)).array([nodeId], (id) => to.int32(id))
        })
      })
      answer(to.written)
    },

    [api.produce.key]({ body, answer }) {
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
            const log = logOf(topic, partition)
            const code = isFailure ? codeOf('UNKNOWN_SERVER_ERROR') : log ? noError : unknown
            const offset = code === noError ? log!.append(set) : -1
            to.int32(partition)
              .int16(code)
              .int64(offset)
              .int64(-1)
              .int64(log?.startOffset ?? -1)
          })
        })
        answer(acks === 0 ? undefined : to.int32(0).written)
      })
    },

    [api.fetch.key]({ body, answer }) {
      body.int32()
      const maxWaitMs = body.int32()
      body.int32()
      body.int32()
      body.int8()
      body.int32()
      body.int32()
      const wanted = body.array((from) => ({
        topic: from.string(),
        partitions: from.array(() => {
          const partition = from.int32()
          from.int32()
          const offset = from.int64()
          from.int64()
          return { partition, offset, maxBytes: from.int32() }
        }),
      }))
      const reply = (): void => {
        const to = new Writer(1_024).int32(0).int16(noError).int32(0)
        to.array(wanted, ({ topic, partitions }) => {
          to.string(topic).array(partitions, ({ partition, offset, maxBytes }) => {
            const log = logOf(topic, partition)
            const isOutside = log !== undefined && (offset < log.startOffset || offset > log.endOffset)
            const code = !log ? unknown : isOutside ? codeOf('OFFSET_OUT_OF_RANGE') : noError
            const end = log?.endOffset ?? -1
            to.int32(partition)
              .int16(code)
              .int64(end)
              .int64(end)
              .int64(log?.startOffset ?? -1)
            to.int32(-1).int32(-1)
            to.bytes(code === noError ? log!.read(offset, maxBytes) : Buffer.alloc(0))
          })
        })
        answer(to.written)
      }
      const asked = wanted.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => ({ log: logOf(topic, partition), offset })),
      )
      if (maxWaitMs <= 0 || asked.some(({ log, offset }) => log?.endOffset !== offset)) {
        reply()
        return
      }
      const once = (): void => {
        clearTimeout(timer)
        timers.delete(timer)
        for (const cancel of cancels) cancel()
        reply()
      }
      const cancels = asked.map(({ log }) => log!.onAppend(once))
      const timer = setTimeout(once, maxWaitMs)
      timers.add(timer)
    },

    [api.listOffsets.key]({ body, answer }) {
      body.int32()
      body.int8()
      const to = new Writer().int32(0)
      const wanted = body.array((from) => ({
        topic: from.string(),
        partitions: from.array(() => ({ partition: from.int32(), time: from.int64() })),
      }))
      to.array(wanted, ({ topic, partitions }) => {
        to.string(topic).array(partitions, ({ partition, time }) => {
          const log = logOf(topic, partition)
          const offset = log === undefined ? -1 : time === -2 ? log.startOffset : log.endOffset
          to.int32(partition)
            .int16(log ? noError : unknown)
            .int64(-1)
            .int64(offset)
        })
      })
      answer(to.written)
    },

    [api.initProducerId.key]({ answer }) {
      answer(new Writer().int32(0).int16(noError).int64(++producers).int16(0).written)
    },

    [api.createTopics.key]({ body, answer }) {
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
      to.array(asked, ({ name, partitions, settings }) => {
        const isNew = !topics.has(name)
        if (isNew) {
          const logs = Array.from({ length: Math.max(1, partitions) }, () => createMemoryLog(keptBytes))
          topics.set(name, { logs, settings: new Map(settings) })
        }
        to.string(name)
          .int16(isNew ? noError : codeOf('TOPIC_ALREADY_EXISTS'))
          .string(undefined)
      })
      answer(to.written)
    },

    [api.deleteTopics.key]({ body, answer }) {
      const names = body.array((from) => from.string() ?? '')
      const to = new Writer().int32(0)
      to.array(names, (name) => to.string(name).int16(topics.delete(name) ? noError : unknown))
      answer(to.written)
    },

    [api.describeConfigs.key]({ body, answer }) {
      const asked = body.array((from) => {
        from.int8()
        return { name: from.string() ?? '', keys: from.array(() => from.string() ?? '') }
      })
      const to = new Writer().int32(0)
      to.array(asked, ({ name, keys }) => {
        const topic = topics.get(name)
        to.int16(topic ? noError : unknown)
          .string(undefined)
          .int8(2)
          .string(name)
        to.array(topic ? keys : [], (key) =>
          to.string(key).string(topic!.settings.get(key)).int8(0).int8(1).int8(0).int32(0),
        )
      })
      answer(to.written)
    },
  }
  return {
    take(request) {
      const handler = handlers[request.key]
      if (handler === undefined) throw new RangeError(`request ${request.key} is not spoken here`)
      handler(request)
    },
    close() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
