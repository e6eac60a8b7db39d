import { codeOf, noError } from '../wire/protocol-errors.ts'
import type { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import type { MemoryLog } from './log.ts'
import type { Handler } from './request.ts'
import { unknownTopic, type Topics } from './topics.ts'

type Wanted = ReturnType<typeof readFetch>['wanted']

/** Answers a Fetch at once, or as soon as something is appended where there is nothing to read yet. */
export const answerFetch: Handler = ({ body, answer }, { topics }) => {
  const { maxWaitMs, wanted } = readFetch(body)
  const reply = (): void => answer(fetched(topics, wanted))
  const logs = logsAtEnd(topics, wanted)
  if (maxWaitMs <= 0 || logs === undefined) {
    reply()
    return
  }
  const once = (): void => {
    clearTimeout(timer)
    for (const cancel of cancels) cancel()
    reply()
  }
  const cancels = logs.map((log) => log.onAppend(once))
  // a closed broker has no one left to answer
  const timer = setTimeout(once, maxWaitMs).unref()
}

function readFetch(body: Reader) {
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
  return { maxWaitMs, wanted }
}

/** The logs to wait for; undefined if one of them has something to answer with already. */
function logsAtEnd(topics: Topics, wanted: Wanted): readonly MemoryLog[] | undefined {
  const logs: MemoryLog[] = []
  for (const { topic, partitions } of wanted)
    for (const { partition, offset } of partitions) {
      const log = topics.logOf(topic, partition)
      if (log?.endOffset !== offset) return undefined
      logs.push(log)
    }
  return logs
}

function fetched(topics: Topics, wanted: Wanted): Buffer {
  const to = new Writer(1_024).int32(0).int16(noError).int32(0)
  to.array(wanted, ({ topic, partitions }) => {
    to.string(topic).array(partitions, ({ partition, offset, maxBytes }) => {
      const log = topics.logOf(topic, partition)
      const isOutside = log !== undefined && (offset < log.startOffset || offset > log.endOffset)
      const code = !log ? unknownTopic : isOutside ? codeOf('OFFSET_OUT_OF_RANGE') : noError
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
  return to.written
}
