import { sumFlowLists } from '../metrics/metrics.ts'
import type { Interval, PhaseResult } from '../plugin/model.ts'

/** The intervals of a phase in the order of time, from its start to the end of what was drained. */
export interface Course {
  readonly phase: PhaseResult['phase']
  /** When the schedule ended, in milliseconds since the phase began. */
  readonly endMs: number
  readonly intervals: readonly Interval[]
}

/** Shards start and end their intervals together, give or take this share of one. */
const sameStart = 0.1

/**
 * What happened in a phase, one stretch after another. A result that was put together from several runs has the intervals of each:
 * those that ran at the same time are added up; those that ran one after another are a course each.
 */
export function coursesOf({ phase, elapsedMs, intervals }: PhaseResult): Course[] {
  const endMs = Math.min(phase.durationMs, elapsedMs)
  const runs = runsOf(intervals)
  const isTogether = runs.length > 1 && elapsedMs < 1.5 * phase.durationMs && startTogether(runs)
  return (isTogether ? [sideBySide(runs)] : runs).map((own) => ({ phase, endMs, intervals: own }))
}

/** A run begins where time starts anew. */
function runsOf(intervals: readonly Interval[]): Interval[][] {
  const runs: Interval[][] = []
  for (const interval of intervals) {
    const last = runs.at(-1)
    if (last === undefined || interval.startMs < last.at(-1)!.startMs) runs.push([interval])
    else last.push(interval)
  }
  return runs
}

function startTogether(runs: readonly (readonly Interval[])[]): boolean {
  const [first = []] = runs
  return runs.every((run) =>
    run.every(({ startMs }, at) => {
      const other = first[at]
      return (
        other === undefined || Math.abs(startMs - other.startMs) <= sameStart * (other.endMs - other.startMs)
      )
    }),
  )
}

function sideBySide(runs: readonly (readonly Interval[])[]): Interval[] {
  const longest = runs.reduce((most, run) => (run.length > most.length ? run : most))
  return longest.map((interval, at) => {
    const parts = runs.flatMap((run) => run[at] ?? [])
    return {
      ...interval,
      endMs: Math.max(...parts.map(({ endMs }) => endMs)),
      flows: sumFlowLists(parts.map(({ flows }) => flows)),
      generators: parts.flatMap(({ generators }) => generators),
      signals: parts.flatMap(({ signals }) => signals),
    }
  })
}
