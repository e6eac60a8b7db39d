/** Rejects as soon as the run is interrupted; the work is left to be killed with its process. */
export async function unlessInterrupted<T>(interrupt: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!interrupt) return work
  let stop = (): void => {}
  const interrupted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('interrupted'))
    interrupt.addEventListener('abort', stop)
    if (interrupt.aborted) stop()
  })
  try {
    return await Promise.race([work, interrupted])
  } finally {
    interrupt.removeEventListener('abort', stop)
  }
}
