import { setTimeout as sleep } from 'node:timers/promises'

const pauseMs = 2

/** Looks again and again, after a pause each, until something is so; false if it is not within the limit. */
export async function until(limitMs: number, isSo: () => boolean): Promise<boolean> {
  const endMs = performance.now() + limitMs
  for (;;) {
    await sleep(pauseMs)
    if (isSo()) return true
    if (performance.now() > endMs) return false
  }
}
