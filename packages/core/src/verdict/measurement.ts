import { Histogram } from '../metrics/histogram.ts'
import { sumGenerators } from '../metrics/intervals.ts'
import { measuredOf, type Measured } from '../metrics/metrics.ts'
import { sumSignals } from '../metrics/signals.ts'
import type {
  FlowMetrics,
  GeneratorSample,
  Interval,
  Load,
  MachineSignals,
  Phase,
  PhaseResult,
} from '../plugin/model.ts'
import { coursesOf, type Course } from './courses.ts'
import type { Evidence } from './judge.ts'

/** What the verdict is about, in the form in which it is read. */
export interface Measurement extends Measured {
  readonly evidence: Evidence
  /** Those that were measured. */
  readonly phases: readonly PhaseResult[]
  readonly courses: readonly Course[]
  /** Of all courses, until the end of their schedules. */
  readonly stretches: readonly Stretch[]
  readonly machines: readonly Watched[]
  readonly workers: readonly Worker[]
  /** Of all load threads. */
  readonly hiccup: Histogram
  readonly lag: Histogram
}

/** A stretch of a schedule. */
export interface Stretch extends Pick<Interval, 'startMs' | 'endMs' | 'flows' | 'generators'> {
  readonly phase: Phase
  readonly spanMs: number
}

/** What was sampled on a machine. */
export interface Watched {
  readonly machine: string
  /** Of the whole measurement. */
  readonly whole: Sampled
  /** Of its intervals, one course after another. */
  readonly courses: readonly (readonly Sampled[])[]
}

export interface Sampled extends Pick<MachineSignals, 'gauges' | 'counters'> {
  readonly phase: string
  readonly startMs: number
  readonly endMs: number
  readonly spanMs: number
}

/** A worker over the whole measurement. */
export interface Worker {
  readonly worker: number
  readonly spanMs: number
  readonly sample: GeneratorSample
}

export function measurementOf(evidence: Evidence): Measurement {
  const phases = evidence.phases.filter(({ phase }) => phase.kind === 'measure')
  const courses = phases.flatMap(coursesOf)
  const generators = phases.flatMap((phase) => phase.generators)
  return {
    ...measuredOf({ phases }),
    evidence,
    phases,
    courses,
    stretches: courses.flatMap(stretchesOf),
    machines: machinesOf(phases),
    workers: workersOf(phases),
    hiccup: Histogram.sum(generators.map(({ hiccup }) => hiccup)),
    lag: Histogram.sum(generators.map(({ lag }) => lag)),
  }
}

/** The last interval may contain what was drained: its time counts until the end of the schedule. */
export function stretchesOf({ phase, endMs, intervals }: Course): Stretch[] {
  return intervals
    .filter(({ startMs }) => startMs < endMs)
    .map(({ startMs, endMs: ownMs, flows, generators }) => ({
      phase,
      startMs,
      endMs: ownMs,
      spanMs: Math.min(ownMs, endMs) - startMs,
      flows,
      generators,
    }))
    .filter(({ spanMs }) => spanMs > 0)
}

/** The part of a flow in a stretch of time; undefined where nothing happened. */
export function flowIn(flows: readonly FlowMetrics[], name: string): FlowMetrics | undefined {
  return flows.find(({ flow }) => flow === name)
}

/** The loads of a flow, phase by phase. */
export function loadsOf({ phases }: Pick<Measurement, 'phases'>, flow: string): Load[] {
  return phases.flatMap(({ phase }) => phase.loads[flow] ?? [])
}

export function isOpen(measurement: Pick<Measurement, 'phases'>, flow: string): boolean {
  return loadsOf(measurement, flow).some(({ model }) => model === 'open')
}

/** Of a scheme alone, such as `micro:`: there is no server, and what is measured runs in the load thread. */
const urlWithoutServer = /^[a-z][a-z\d+.-]*:(\/\/)?$/i

/**
 * Closed loops on the driver's own loopback, or on what runs in the load thread: there is no target in them but the generator
 * itself.
 */
export function measuresGenerator(measurement: Measurement, flow: string): boolean {
  const known = measurement.evidence.scenario.flows.find(({ name }) => name === flow)
  if (known === undefined || isOpen(measurement, flow)) return false
  return known.target.origin === 'loopback' || urlWithoutServer.test(known.target.url)
}

/** Whether the load of a flow was the same throughout. */
export function isConstant(measurement: Pick<Measurement, 'phases'>, flow: string): boolean {
  const levels = loadsOf(measurement, flow).flatMap((load) =>
    load.model === 'open'
      ? load.stages.flatMap(({ fromPerSecond, toPerSecond }) => [fromPerSecond, toPerSecond])
      : [load.connections],
  )
  return levels.every((level) => level === levels[0])
}

/** The highest rate that a flow was to have; 0 in a closed loop. */
export function peakRateOf(measurement: Pick<Measurement, 'phases'>, flow: string): number {
  return loadsOf(measurement, flow).reduce(
    (most, load) =>
      load.model === 'open'
        ? Math.max(most, ...load.stages.flatMap((stage) => [stage.fromPerSecond, stage.toPerSecond]))
        : most,
    0,
  )
}

/**
 * Machine by machine over all phases. Runs that were put together have several entries for machines of one name: the first ones
 * belong together, the second ones, and so on.
 */
function machinesOf(phases: readonly PhaseResult[]): Watched[] {
  const courses = new Map<string, { machine: string; courses: Sampled[][] }>()
  for (const phase of phases)
    for (const { intervals } of coursesOf(phase)) {
      const entries = intervals.some(({ signals }) => signals.length > 0)
        ? intervals
        : [{ startMs: 0, endMs: Math.min(phase.phase.durationMs, phase.elapsedMs), signals: phase.signals }]
      const inCourse = new Map<string, Sampled[]>()
      for (const { startMs, endMs, signals } of entries)
        for (const [key, { machine, gauges, counters }] of numbered(signals, ({ machine: name }) => name)) {
          const own = inCourse.get(key) ?? []
          own.push({ phase: phase.phase.name, startMs, endMs, spanMs: endMs - startMs, gauges, counters })
          inCourse.set(key, own)
          const known = courses.get(key) ?? { machine, courses: [] }
          courses.set(key, known)
          if (!known.courses.includes(own)) known.courses.push(own)
        }
    }
  return Array.from(courses.values(), ({ machine, courses: own }) => ({
    machine,
    whole: wholeOf(machine, own.flat()),
    courses: own,
  }))
}

function wholeOf(machine: string, parts: readonly Sampled[]): Sampled {
  const [first] = parts
  const [{ gauges, counters } = { gauges: {}, counters: {} }] = sumSignals(
    parts.map((part) => ({ machine, gauges: part.gauges, counters: part.counters })),
  )
  return {
    phase: first?.phase ?? '',
    startMs: first?.startMs ?? 0,
    endMs: parts.at(-1)?.endMs ?? 0,
    spanMs: parts.reduce((sum, { spanMs }) => sum + spanMs, 0),
    gauges,
    counters,
  }
}

function workersOf(phases: readonly PhaseResult[]): Worker[] {
  const parts = new Map<string, { startMs: number; endMs: number; generators: GeneratorSample[] }[]>()
  for (const { phase, elapsedMs, generators } of phases)
    for (const [key, sample] of numbered(generators, ({ worker }) => String(worker)))
      parts.set(key, [
        ...(parts.get(key) ?? []),
        { startMs: 0, endMs: Math.min(phase.durationMs, elapsedMs), generators: [sample] },
      ])
  return Array.from(parts.values(), (own) => {
    const [sample] = sumGenerators(own)
    return {
      worker: sample!.worker,
      spanMs: own.reduce((sum, { endMs }) => sum + endMs, 0),
      sample: sample!,
    }
  })
}

/** With names that tell apart those of the same name. */
function* numbered<Item>(items: readonly Item[], nameOf: (item: Item) => string): Generator<[string, Item]> {
  const seen = new Map<string, number>()
  for (const item of items) {
    const name = nameOf(item)
    const number = seen.get(name) ?? 0
    seen.set(name, number + 1)
    yield [`${number} ${name}`, item]
  }
}
