import type { TaskContext } from '@cloudbench/core'
import { formatCount } from '@cloudbench/core/text'

/** Commands in flight at once while keys are written, read back or removed. */
const batchSize = 1_000

/** Key indices, one batch at a time: all of the first `keys`, or those in a list. Those who wait are told how far it is. */
export async function* batchesOf(
  keys: number | readonly number[],
  { log, signal }: Pick<TaskContext, 'log' | 'signal'>,
): AsyncGenerator<number[]> {
  const total = typeof keys === 'number' ? keys : keys.length
  for (let from = 0; from < total; from += batchSize) {
    signal.throwIfAborted()
    log.debug(`${formatCount(from)} of ${formatCount(total)} keys`)
    const count = Math.min(batchSize, total - from)
    yield typeof keys === 'number'
      ? Array.from({ length: count }, (_, at) => from + at)
      : keys.slice(from, from + count)
  }
}
