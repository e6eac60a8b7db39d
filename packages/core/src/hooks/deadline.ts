import { CloudbenchError } from '../errors.ts'

/** After an interrupt, whatever is still awaited may take this long. */
export const hurriedMs = 2_000
/** A timer that is this late says that the whole process was held up, such as by Ctrl-Z or a suspended laptop. */
const heldUpMs = 1_000

/**
 * Rejects when the work has not finished in time. The work may go on, but is no longer awaited.
 * @param hurry Once aborted, the work has `hurriedMs` left at most.
 */
export async function within<T>(
  limitMs: number,
  work: () => T | Promise<T>,
  late: (limitMs: number) => Error = noAnswer,
  hurry?: AbortSignal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let hasten = (): void => {}
  const limit = new Promise<never>((_resolve, reject) => {
    const arm = (afterMs: number, toldMs: number): void => {
      clearTimeout(timer)
      const dueMs = performance.now() + afterMs
      timer = setTimeout(() => {
        // an answer may have arrived meanwhile, and is read first
        if (performance.now() - dueMs > heldUpMs) arm(heldUpMs, toldMs)
        else reject(late(toldMs))
      }, afterMs)
      // a pending deadline must not keep a finished process alive
      timer.unref()
    }
    hasten = () => arm(Math.min(limitMs, hurriedMs), Math.min(limitMs, hurriedMs))
    if (hurry?.aborted) hasten()
    else arm(limitMs, limitMs)
  })
  hurry?.addEventListener('abort', hasten)
  try {
    return await Promise.race([(async () => work())(), limit])
  } finally {
    clearTimeout(timer)
    hurry?.removeEventListener('abort', hasten)
  }
}

function noAnswer(limitMs: number): CloudbenchError {
  return new CloudbenchError({ code: 'CB_HOOK_TIMEOUT', what: `no answer within ${limitMs} ms` })
}
