import { within as limited } from '@cloudbench/core'
import { formatDuration } from '@cloudbench/core/text'
import { errorWithCode } from './errors.ts'

/** Rejects with `ETIMEDOUT` when a server has not answered in time. The work may go on, but is not waited for. */
export function within<T>(limitMs: number, work: () => T | Promise<T>): Promise<T> {
  return limited(limitMs, work, () =>
    errorWithCode('ETIMEDOUT', `no answer within ${formatDuration(limitMs)}`),
  )
}
