/** How many looks in a row may find nothing: a broker that is alive says something twice between two of them. */
const silentLooks = 2

/** Watches over a connection that may die without a word, as behind a firewall that forgets it. */
export interface SilenceWatch {
  /** Something has arrived. */
  heard(): void
  stop(): void
}

/**
 * Calls back once nothing was heard for two to three times that long. Counts looks, not time: a process that was stopped
 * finds what arrived in the meantime first.
 * @param lookMs 0: never.
 */
export function watchSilence(lookMs: number, onSilence: () => void): SilenceWatch {
  let silent = 0
  const look = (): void => {
    if (++silent <= silentLooks) return
    clearInterval(timer)
    onSilence()
  }
  const timer = lookMs === 0 ? undefined : setInterval(look, lookMs)
  return {
    heard() {
      silent = 0
    },
    stop: () => clearInterval(timer),
  }
}
