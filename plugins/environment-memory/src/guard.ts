import type { EnvironmentContext } from '@cloudbench/core'
import { mebibyte } from './mebibyte.ts'
import type { MemoryOptions } from './options.ts'
import { limitOf, type MemoryState, stateIn } from './state.ts'

/** Beyond it, a limit has moved. */
const tolerance = 0.05

/** The share of the specified memory that is left to the rest, where what there is cannot be relied on. */
const staticShare = 0.9

/** Compares every look at the memory with the discovery, and remembers whether something has moved. */
export interface BalloonGuard {
  /** Warns when something has moved, once in a run. */
  look(now: MemoryState): void
  /** What heaps are to be sized by since then, in place of a limit that moves. Undefined: nothing has moved. */
  readonly staticLimitBytes: number | undefined
}

/** The one of this run: what `watch` sees counts for the workers that `launch` shapes later. */
export function guardOf(context: EnvironmentContext<MemoryOptions>): BalloonGuard {
  let guard = guards.get(context.signal)
  if (guard === undefined) guards.set(context.signal, (guard = createGuard(context)))
  return guard
}

// the signal is the one thing that all calls of a run have in common, and no other run has.
const guards = new WeakMap<AbortSignal, BalloonGuard>()

function createGuard({ facts, log, options }: EnvironmentContext<MemoryOptions>): BalloonGuard {
  let before = stateIn(facts['memory'])
  let staticLimitBytes: number | undefined
  return {
    look(now) {
      before ??= now
      const moved = options.balloonGuard ? whatMoved(before, now) : undefined
      // a count that fell was reset: from now on, what comes on top of it counts
      const { balloonInflatedBytes = Infinity } = now
      if (balloonInflatedBytes < (before.balloonInflatedBytes ?? -Infinity))
        before = { ...before, balloonInflatedBytes }
      if (staticLimitBytes !== undefined || moved === undefined) return
      const published = Object.values(facts).map((own) => own['host.memoryBytes'])
      const specifiedBytes =
        before.groupLimitBytes ?? published.find((bytes) => typeof bytes === 'number') ?? before.machineBytes
      staticLimitBytes = Math.floor(specifiedBytes * staticShare)
      log.warn(
        `balloon detected: ${moved}; workers that start from now on share ${megabytes(staticLimitBytes)}, which is ${staticShare} × the ${megabytes(specifiedBytes)} that were specified`,
      )
    },
    get staticLimitBytes() {
      return staticLimitBytes
    },
  }
}

/** In words; undefined where nothing has. */
export function whatMoved(before: MemoryState, now: MemoryState): string | undefined {
  const [limitBefore, limitNow] = [limitOf(before), limitOf(now)]
  if (Math.abs(limitNow - limitBefore) > tolerance * limitBefore)
    return `the memory limit moved from ${megabytes(limitBefore)} to ${megabytes(limitNow)}`
  const inflatedBytes = (now.balloonInflatedBytes ?? 0) - (before.balloonInflatedBytes ?? Infinity)
  return inflatedBytes > 0 ? `a balloon took ${megabytes(inflatedBytes)}` : undefined
}

function megabytes(bytes: number): string {
  return `${Number((bytes / mebibyte).toPrecision(3)).toLocaleString('en', { useGrouping: false })} MiB`
}
