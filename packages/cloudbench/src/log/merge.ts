import type { LogFile } from './log-file.ts'
import type { LoggedRequest } from './request.ts'

/** So many are handed on at a time. */
const batchSize = 1_000

interface Source {
  readonly batches: AsyncGenerator<readonly LoggedRequest[]>
  /** Of its clock, what is 0 on the clock that all logs are compared on: files of one machine agree to the nanosecond. */
  readonly originNs: number
  batch: readonly LoggedRequest[]
  at: number
}

/**
 * The requests of several logs in the order in which they ended. Each file is read as it goes: memory does not depend
 * on how long they are.
 */
export async function* merged(logs: readonly LogFile[]): AsyncGenerator<readonly LoggedRequest[]> {
  const [only] = logs
  if (logs.length === 1) {
    yield* only!.requests()
    return
  }
  const baseMs = only?.header.anchor.wall_clock_ms ?? 0
  const sources: Source[] = []
  for (const log of logs) {
    const { monotonic_ns: monotonicNs, wall_clock_ms: wallClockMs } = log.header.anchor
    const originNs = monotonicNs - (wallClockMs - baseMs) * 1e6
    const source = { batches: log.requests(), originNs, batch: [], at: 0 }
    if (await fill(source)) sources.push(source)
  }
  let batch: LoggedRequest[] = []
  while (sources.length > 0) {
    const next = sources.reduce((first, source) => (doneNs(source) < doneNs(first) ? source : first))
    batch.push(next.batch[next.at++]!)
    if (next.at === next.batch.length && !(await fill(next))) sources.splice(sources.indexOf(next), 1)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  yield batch
}

/** When the next request of a file was done. */
function doneNs({ batch, at, originNs }: Source): number {
  return batch[at]!.doneNs - originNs
}

/** False at the end of the file. */
async function fill(source: Source): Promise<boolean> {
  while (source.at === source.batch.length) {
    const { done, value } = await source.batches.next()
    if (done) return false
    source.batch = value
    source.at = 0
  }
  return true
}
