import { hurriedMs } from '../hooks/deadline.ts'
import type { Crew } from './crew.ts'

/** A worker that is silent for this long is no longer running: it answers every look. */
export const silenceMs = 5_000
const lookMs = 1_000

export interface Watchdog {
  /** Whether it killed that worker. */
  hasKilled(worker: number): boolean
  /** From now on a worker has `graceMs`, and then a little, to close the phase. */
  hurry(graceMs: number): void
  stop(): void
}

/**
 * Kills workers that give no sign of life during a phase. Looks are counted, not time: while this process stood still
 * itself (Ctrl-Z, a suspended laptop), no worker could be heard, and what was sent meanwhile is read before the next look.
 */
export function watchWorkers(crew: Pick<Crew, 'started'>, isDone: (worker: number) => boolean): Watchdog {
  const killed = new Set<number>()
  const heardMs = crew.started.map(({ child }) => child.lastHeardMs)
  const silentLooks = crew.started.map(() => 0)
  let looksLeft = Infinity
  const timer = setInterval(() => {
    looksLeft--
    for (const [worker, { child }] of crew.started.entries()) {
      const isHeard = child.lastHeardMs !== heardMs[worker]
      heardMs[worker] = child.lastHeardMs
      silentLooks[worker] = isHeard ? 0 : silentLooks[worker]! + 1
      const isLost = silentLooks[worker] * lookMs > silenceMs || looksLeft < 0
      if (isDone(worker)) continue
      child.ping()
      if (!isLost) continue
      killed.add(worker)
      child.kill()
    }
  }, lookMs)
  return {
    hasKilled: (worker) => killed.has(worker),
    hurry(graceMs) {
      looksLeft = Math.min(looksLeft, Math.ceil((graceMs + hurriedMs) / lookMs))
    },
    stop: () => clearInterval(timer),
  }
}
