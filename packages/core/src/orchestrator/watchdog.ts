import type { Crew } from './crew.ts'

/** A worker that is this late with its report is no longer running. */
export const silenceMs = 5_000
const lookMs = 1_000

export interface Watchdog {
  /** Whether it killed that worker. */
  hasKilled(worker: number): boolean
  stop(): void
}

/**
 * Kills workers that stop reporting during a phase.
 * @param graceMs How much longer than usual they may be silent now, such as before the phase begins.
 */
export function watchWorkers(
  crew: Crew,
  intervalMs: number,
  { graceMs, isDone }: { graceMs(): number; isDone(worker: number): boolean },
): Watchdog {
  const killed = new Set<number>()
  const timer = setInterval(() => {
    const limitMs = silenceMs + 3 * intervalMs + graceMs()
    for (const [worker, { child }] of crew.started.entries()) {
      if (performance.now() - child.lastHeardMs < limitMs || isDone(worker)) continue
      killed.add(worker)
      child.kill()
    }
  }, lookMs)
  return { hasKilled: (worker) => killed.has(worker), stop: () => clearInterval(timer) }
}
