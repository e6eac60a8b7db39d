import { setTimeout as sleep } from 'node:timers/promises'

/** Rejects with ETIMEDOUT when the work takes longer. A broker that accepts connections and never answers must not block the run. */
export async function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  const limit = new AbortController()
  try {
    return await Promise.race([
      work,
      sleep(limitMs, undefined, { signal: limit.signal }).then((): never => {
        throw Object.assign(new Error(`no answer within ${limitMs} ms`), { code: 'ETIMEDOUT' })
      }),
    ])
  } finally {
    limit.abort()
  }
}
