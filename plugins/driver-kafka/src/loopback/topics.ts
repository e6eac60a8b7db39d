import { codeOf, noError } from '../wire/protocol-errors.ts'
import { createMemoryLog, type MemoryLog } from './log.ts'

/** How many bytes of every partition are kept. */
const keptBytes = 64 * 1024 * 1024

/** A topic in memory: a log for each partition. */
interface Topic {
  readonly logs: readonly MemoryLog[]
  readonly settings: ReadonlyMap<string, string>
}

export interface Topics {
  get(name: string): Topic | undefined
  logOf(topic: string | undefined, partition: number): MemoryLog | undefined
  /** @returns the error code of the protocol. */
  create(name: string, partitions: number, settings: ReadonlyMap<string, string>): number
  /** @returns the error code of the protocol. */
  remove(name: string): number
}

export const unknownTopic = codeOf('UNKNOWN_TOPIC_OR_PARTITION')

export function createTopics(): Topics {
  const topics = new Map<string, Topic>()
  return {
    get: (name) => topics.get(name),
    logOf: (topic, partition) => topics.get(topic ?? '')?.logs[partition],
    create(name, partitions, settings) {
      if (topics.has(name)) return codeOf('TOPIC_ALREADY_EXISTS')
      const logs = Array.from({ length: Math.max(1, partitions) }, () => createMemoryLog(keptBytes))
      topics.set(name, { logs, settings })
      return noError
    },
    remove: (name) => (topics.delete(name) ? noError : unknownTopic),
  }
}
