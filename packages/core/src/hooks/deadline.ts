import { CloudbenchError } from '../errors.ts'

/** Rejects when the work has not finished in time. The work may go on, but is no longer awaited. */
export async function within<T>(
  limitMs: number,
  work: () => T | Promise<T>,
  late: () => Error = () =>
    new CloudbenchError({ code: 'CB_HOOK_TIMEOUT', what: `no answer within ${limitMs} ms` }),
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), limitMs)
    // a pending deadline must not keep a finished process alive
    timer.unref()
  })
  try {
    return await Promise.race([(async () => work())(), limit])
  } finally {
    clearTimeout(timer)
  }
}
