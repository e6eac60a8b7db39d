import type { SignalName } from '../plugin/signals.ts'
import type { Measurement, Sampled, Watched } from './measurement.ts'
import type { Observation, Reading } from './signal-row.ts'

/** A value of what was sampled; undefined where it was not. */
type Read = (sampled: Sampled) => number | undefined

/** The mean of a gauge over time. */
export function mean(name: SignalName): Read {
  return ({ gauges }) => (Object.hasOwn(gauges, name) ? gauges[name]!.mean : undefined)
}

/** By how much counters grew, all together; undefined where none of them was sampled. */
export function grown(...names: SignalName[]): Read {
  return ({ counters }) => {
    const known = names.filter((name) => Object.hasOwn(counters, name))
    return known.length === 0 ? undefined : known.reduce((sum, name) => sum + counters[name]!, 0)
  }
}

/** The share of the time that a counter of milliseconds grew by. A sample may be a little late. */
export function shareOfTime(name: SignalName): Read {
  return (sampled) => {
    const ms = grown(name)(sampled)
    return ms === undefined || sampled.spanMs <= 0 ? undefined : Math.min(1, ms / sampled.spanMs)
  }
}

export function perSecond(name: SignalName): Read {
  return (sampled) => {
    const count = grown(name)(sampled)
    return count === undefined || sampled.spanMs <= 0 ? undefined : (count * 1000) / sampled.spanMs
  }
}

/** One in terms of another; 0 where neither grew, and 1 at most. */
export function ratio(part: Read, whole: Read): Read {
  return (sampled) => {
    const [some, all] = [part(sampled), whole(sampled)]
    if (some === undefined) return undefined
    return some === 0 ? 0 : all === undefined || all <= 0 ? 1 : Math.min(1, some / all)
  }
}

export function total(...reads: Read[]): Read {
  return (sampled) => {
    const values = reads.map((read) => read(sampled))
    return values.includes(undefined) ? undefined : values.reduce<number>((sum, value) => sum + value!, 0)
  }
}

/** Of the machine where it was worst, over the whole measurement; the window is where it was worst. */
export function overall(name: SignalName, read: Read, reach?: Reach): (measurement: Measurement) => Reading {
  return (measurement) =>
    worst(
      name,
      measurement,
      ({ whole }) => read(whole),
      (watched) => peakOf(watched, read),
      reach,
    )
}

/** The worst interval. */
export function peak(name: SignalName, read: Read, reach?: Reach): (measurement: Measurement) => Reading {
  return (measurement) =>
    worst(
      name,
      measurement,
      (watched) => valueOf(peakOf(watched, read), read),
      (watched) => peakOf(watched, read),
      reach,
    )
}

/** By which share of the highest value a gauge varied within a course, with `edge` of the values at either end left out. */
export function variation(name: SignalName, edge = 0): (measurement: Measurement) => Reading {
  return (measurement) => worst(name, measurement, ({ courses }) => spreadOf(courses, name, edge))
}

/** The share of requests, or of the time, that a value may have reached. */
export type Reach = (value: number, measurement: Measurement, watched: Watched) => number

/** Events that may have reached a request each. */
export const perRequest: Reach = (count, { flows }) => {
  const sent = flows.reduce((sum, { total: { sent: own } }) => sum + own, 0)
  return sent > 0 ? Math.min(1, count / sent) : 1
}

/** The share of the time in whose intervals a counter grew. */
export function shareOfIntervals(...names: SignalName[]): Reach {
  return (_value, _measurement, { courses }) => {
    const steps = courses.flat()
    const spanOf = (some: readonly Sampled[]): number => some.reduce((sum, { spanMs }) => sum + spanMs, 0)
    const all = spanOf(steps)
    return all > 0 ? spanOf(steps.filter((step) => (grown(...names)(step) ?? 0) > 0)) / all : 1
  }
}

function worst(
  name: SignalName,
  measurement: Measurement,
  read: (watched: Watched) => number | undefined,
  where?: (watched: Watched) => Sampled | undefined,
  reach?: Reach,
): Reading {
  const observations = measurement.machines.flatMap((watched): Observation[] => {
    const value = read(watched)
    if (value === undefined) return []
    const step = where?.(watched)
    return [
      {
        value,
        ...(reach && { reach: reach(value, measurement, watched) }),
        ...(step && { window: { phase: step.phase, startMs: step.startMs, endMs: step.endMs } }),
      },
    ]
  })
  const [first, ...others] = observations
  return first === undefined
    ? missing(name, measurement)
    : others.reduce((most, one) => (one.value > most.value ? one : most), first)
}

/** Why there is none. */
export function missing(name: SignalName, { evidence }: Measurement): Reading {
  const { missing: reasons = {} } = evidence
  return {
    missing: Object.hasOwn(reasons, name) ? reasons[name]! : `no environment samples ${name}`,
  }
}

/** What is left of an interval at the end is no interval: a few milliseconds of anything are a lot of them. */
function peakOf({ courses }: Watched, read: Read): Sampled | undefined {
  const steps = courses.flat().filter((step) => read(step) !== undefined)
  const widthMs = steps.reduce((most, { spanMs }) => Math.max(most, spanMs), 0)
  const known = steps.filter(({ spanMs }) => spanMs >= widthMs / 2)
  const [first] = known
  return first && known.reduce((most, step) => (read(step)! > read(most)! ? step : most))
}

function valueOf(step: Sampled | undefined, read: Read): number | undefined {
  return step && read(step)
}

function spreadOf(courses: Watched['courses'], name: SignalName, edge: number): number | undefined {
  const spreads = courses.flatMap((steps) => {
    const gauges = steps.flatMap((step) => (Object.hasOwn(step.gauges, name) ? [step.gauges[name]!] : []))
    if (gauges.length === 0) return []
    const left = Math.floor(edge * gauges.length)
    const means = gauges.map((gauge) => gauge.mean).toSorted((a, b) => a - b)
    // within an interval a gauge may have moved too
    const highest = left === 0 ? Math.max(...gauges.map(({ max }) => max)) : means.at(-1 - left)!
    return highest > 0 ? [(highest - means[left]!) / highest] : [0]
  })
  return spreads.length === 0 ? undefined : Math.max(...spreads)
}
