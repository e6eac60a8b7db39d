/** Commands in flight at once while keys are written, read back or removed. */
const batchSize = 1_000

/** Key indices, one batch at a time: all of the first `keys`, or those in a list. */
export async function* batchesOf(
  keys: number | readonly number[],
  signal: AbortSignal,
): AsyncGenerator<number[]> {
  const total = typeof keys === 'number' ? keys : keys.length
  for (let from = 0; from < total; from += batchSize) {
    signal.throwIfAborted()
    const count = Math.min(batchSize, total - from)
    yield typeof keys === 'number'
      ? Array.from({ length: count }, (_, at) => from + at)
      : keys.slice(from, from + count)
  }
}
