import type { Link } from '../../client/link.ts'
import type { OpenTopic } from '../../client/topic.ts'
import type { ConsumeOptions } from '../../options.ts'
import { fetchFrame } from '../../wire/fetch.ts'
import type { Begun } from '../lane.ts'

/** A partition that is read from its beginning to its end, again and again. */
export interface Cursor {
  readonly partition: number
  readonly link: Link
  /** The Fetch request, to be pointed at an offset. */
  readonly frame: Buffer
  /** Where the partition starts: rises while the topic deletes what is old. */
  startOffset: number
  offset: number
}

/** There is always something to read, so a broker has nothing to wait for. */
const fetchWaitMs = 500

export function cursorsOf(
  { partitions, links }: OpenTopic,
  begun: readonly Begun[],
  { topic, fetchSize }: ConsumeOptions,
): readonly Cursor[] {
  return begun.map(({ partition, startOffset }) => ({
    partition,
    startOffset,
    offset: startOffset,
    link: links.to(partitions.find((one) => one.partition === partition)!.leader),
    frame: fetchFrame({
      topic,
      partition,
      offset: startOffset,
      maxBytes: fetchSize,
      maxWaitMs: fetchWaitMs,
    }),
  }))
}
