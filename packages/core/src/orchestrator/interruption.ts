import { CloudbenchError } from '../errors.ts'

/**
 * Rejects as soon as the run is interrupted; the work is left to be killed with its process. Once interrupted, no work
 * begins.
 */
export async function unlessInterrupted<T>(
  interrupt: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!interrupt) return work()
  if (interrupt.aborted) throw interruption()
  let stop = (): void => {}
  const interrupted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(interruption())
    interrupt.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work(), interrupted])
  } finally {
    interrupt.removeEventListener('abort', stop)
  }
}

function interruption(): CloudbenchError {
  return new CloudbenchError({ code: 'CB_HOOK', what: 'interrupted before the load began' })
}
