import { sumFlowLists, type FlowMetrics, type Interval, type Phase, type PhaseResult } from '@cloudbench/core'

/** A stretch of a scenario: one point of every chart over time. */
export interface Slice {
  readonly phase: Phase
  /** Since the scenario began to load. */
  readonly startMs: number
  readonly endMs: number
  /** Since its phase began. */
  readonly phaseMs: number
  readonly flows: readonly FlowMetrics[]
  readonly generator: GeneratorSlice | undefined
  /** By machine and name, where there is more than one machine. */
  readonly gauges: Readonly<Record<string, GaugeSlice>>
}

/** Of the worker that was worst. */
interface GeneratorSlice {
  readonly busy: number
  readonly gcShare: number
  readonly lagP99Ns: number
  readonly rssBytes: number
}

interface GaugeSlice {
  readonly mean: number
  readonly max: number
}

/** More points than this cannot be told apart on a screen. */
const mostSlices = 240

/** The whole of a scenario as stretches, one phase after another. */
export function slicesOf(phases: readonly PhaseResult[]): Slice[] {
  let offsetMs = 0
  const slices: Slice[] = []
  for (const { phase, elapsedMs, intervals } of phases) {
    const own = stretched(intervals, elapsedMs)
    for (const interval of own) addInterval(slices, interval, offsetMs)
    offsetMs = Math.max(offsetMs + Math.min(elapsedMs, phase.durationMs), slices.at(-1)?.endMs ?? 0)
  }
  return bounded(slices)
}

/** Adds an interval that a run has just told of. What is answered after the end of the schedule belongs to the last stretch. */
export function addInterval(slices: Slice[], interval: Interval, offsetMs: number): void {
  const last = slices.at(-1)
  const next = sliceOf(interval, offsetMs)
  const isLate = interval.startMs >= interval.phase.durationMs || next.endMs <= next.startMs
  if (last !== undefined && last.phase.name === interval.phase.name && isLate)
    slices[slices.length - 1] = { ...together(last, next), endMs: last.endMs }
  else slices.push(next)
}

/** No more than can be shown: neighbours of one phase become one. */
export function bounded(slices: readonly Slice[]): Slice[] {
  let shorter = [...slices]
  while (shorter.length > mostSlices) {
    const before = shorter.length
    shorter = paired(shorter)
    if (shorter.length === before) break
  }
  return shorter
}

function paired(slices: readonly Slice[]): Slice[] {
  const pairs: Slice[] = []
  for (let at = 0; at < slices.length; at++) {
    const [one, other] = [slices[at]!, slices[at + 1]]
    if (other !== undefined && other.phase.name === one.phase.name) {
      pairs.push(together(one, other))
      at++
    } else pairs.push(one)
  }
  return pairs
}

function sliceOf(interval: Interval, offsetMs: number): Slice {
  const { phase, startMs, endMs, flows, generators, signals } = interval
  const widthMs = Math.max(endMs - startMs, 1)
  const most = (values: readonly number[]): number => Math.max(...values.filter(Number.isFinite), 0)
  return {
    phase,
    startMs: offsetMs + startMs,
    endMs: offsetMs + Math.min(endMs, phase.durationMs),
    phaseMs: startMs,
    flows,
    generator:
      generators.length === 0
        ? undefined
        : {
            busy: most(generators.map(({ busy }) => busy)),
            gcShare: most(generators.map(({ gcMs }) => gcMs / widthMs)),
            lagP99Ns: most(generators.map(({ lag }) => lag.percentile(99))),
            rssBytes: most(generators.map(({ rssBytes }) => rssBytes)),
          },
    gauges: Object.fromEntries(
      signals.flatMap(({ machine, gauges }) =>
        Object.entries(gauges).map(([name, { mean, max }]) => [
          signals.length > 1 ? `${machine} ${name}` : name,
          { mean, max },
        ]),
      ),
    ),
  }
}

function together(one: Slice, other: Slice): Slice {
  const [own, more] = [one.endMs - one.startMs, Math.max(other.endMs - other.startMs, 0)]
  const mean = (a: number, b: number): number => (own + more > 0 ? (a * own + b * more) / (own + more) : a)
  const [a, b] = [one.generator, other.generator]
  return {
    ...one,
    endMs: Math.max(one.endMs, other.endMs),
    flows: sumFlowLists([one.flows, other.flows]),
    generator:
      a && b
        ? {
            busy: mean(a.busy, b.busy),
            gcShare: mean(a.gcShare, b.gcShare),
            lagP99Ns: Math.max(a.lagP99Ns, b.lagP99Ns),
            rssBytes: Math.max(a.rssBytes, b.rssBytes),
          }
        : (a ?? b),
    gauges: Object.fromEntries(
      [...new Set([...Object.keys(one.gauges), ...Object.keys(other.gauges)])].map((name) => {
        const [x, y] = [one.gauges[name], other.gauges[name]]
        return [name, x && y ? { mean: mean(x.mean, y.mean), max: Math.max(x.max, y.max) } : (x ?? y)!]
      }),
    ),
  }
}

/**
 * Intervals in the order of time. Those of merged runs begin anew for each: of runs one after another they follow each other,
 * of runs at the same time those that overlap are one.
 */
function stretched(intervals: readonly Interval[], elapsedMs: number): readonly Interval[] {
  const runs: Interval[][] = []
  for (const interval of intervals) {
    const before = runs.at(-1)?.at(-1)
    if (before === undefined || interval.startMs < before.startMs) runs.push([interval])
    else runs.at(-1)!.push(interval)
  }
  if (runs.length < 2) return intervals
  const lengths = runs.map((run) => Math.min(run.at(-1)!.endMs, run[0]!.phase.durationMs))
  if (elapsedMs > 1.5 * Math.max(...lengths)) {
    const phase = { ...runs[0]![0]!.phase, durationMs: elapsedMs }
    return runs.flatMap((run, at) => {
      const offsetMs = lengths.slice(0, at).reduce((sum, length) => sum + length, 0)
      return run.map((interval) => ({
        ...interval,
        phase,
        startMs: interval.startMs + offsetMs,
        endMs: interval.endMs + offsetMs,
      }))
    })
  }
  const [longest = []] = runs.toSorted((a, b) => b.length - a.length)
  return longest.map((frame, at) => {
    const isIn = ({ startMs, endMs }: Interval): boolean => {
      const midMs = (startMs + endMs) / 2
      const fromMs = at === 0 ? -Infinity : frame.startMs
      return midMs >= fromMs && (at === longest.length - 1 || midMs < frame.endMs)
    }
    const parts = intervals.filter(isIn)
    return {
      ...frame,
      flows: sumFlowLists(parts.map(({ flows }) => flows)),
      generators: parts.flatMap(({ generators }) => generators),
      signals: parts.flatMap(({ signals }) => signals),
    }
  })
}
