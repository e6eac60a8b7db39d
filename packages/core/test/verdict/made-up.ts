import { Histogram } from '../../src/metrics/histogram.ts'
import { sumGenerators } from '../../src/metrics/intervals.ts'
import { sumFlowLists } from '../../src/metrics/metrics.ts'
import { sumSignals } from '../../src/metrics/signals.ts'
import type { Facts } from '../../src/plugin/facts.ts'
import type {
  FlowMetrics,
  GeneratorSample,
  Interval,
  Load,
  Metrics,
  Phase,
  PhaseResult,
  Scenario,
} from '../../src/plugin/model.ts'
import type { Evidence } from '../../src/verdict/judge.ts'
import { flow, operation, times } from '../metrics/measured.ts'
import { constantRate } from '../support/simulate.ts'

/** What is different from an undisturbed run of ten seconds with 1000 requests a second of 5 ms each. */
export interface MadeUp {
  readonly load?: Load
  readonly seconds?: number
  readonly gauges?: Readonly<Record<string, number | ((second: number) => number)>>
  readonly counters?: Readonly<Record<string, number>>
  readonly generator?: Partial<GeneratorSample>
  readonly metrics?: Partial<Metrics>
  readonly flow?: Partial<FlowMetrics>
  readonly facts?: Facts
  readonly scenario?: Partial<Scenario>
  readonly origin?: 'given' | 'loopback'
  readonly evidence?: Partial<Evidence>
}

const perSecond = 1000
const tookMs = 5

/** Wakes that came on time, but for a share of the second that was lost at once. */
export function hiccups(stalledMs = 0): Histogram {
  const late = Array.from({ length: 200 }, (_, at) => Math.max(0, stalledMs - at * 5))
  return times(late.map((ms) => ms + 0.02))
}

export function madeUp(made: MadeUp = {}): Evidence {
  const { seconds = 10, gauges = {}, counters = {} } = made
  const load = made.load ?? constantRate(perSecond, seconds * 1000)
  const phase: Phase = {
    name: 'measure',
    kind: 'measure',
    scenario: 'test',
    durationMs: seconds * 1000,
    loads: { main: load },
  }
  const isOpen = load.model === 'open'
  const took = times(Array.from({ length: perSecond }, (_, at) => tookMs + (at % 10) / 10))
  const metrics = operation([], {
    scheduled: perSecond,
    sent: perSecond,
    ok: perSecond,
    outcomes: { ok: { count: perSecond, ok: true } },
    response: isOpen ? took : Histogram.empty,
    lag: isOpen ? times(Array.from({ length: perSecond }, () => 0.02)) : Histogram.empty,
    service: took,
    ...made.metrics,
  })
  const main = flow('main', { work: metrics }, { inFlightMs: perSecond * tookMs, ...made.flow })
  const generator: GeneratorSample = {
    worker: 0,
    cpuMs: 300,
    busy: 0.3,
    gcCount: 1,
    gcMs: 0.4,
    gcMinorMs: 0.4,
    gcMajorMs: 0,
    gcIncrementalMs: 0,
    gcWeakMs: 0,
    gcMaxMs: 0.4,
    allocatedBytes: 1e6,
    lag: isOpen ? times(Array.from({ length: perSecond }, () => 0.02)) : Histogram.empty,
    hiccup: hiccups(),
    rssBytes: 1e8,
    ...made.generator,
  }
  const intervals = Array.from({ length: seconds }, (_, second): Interval => ({
    phase,
    startMs: second * 1000,
    endMs: (second + 1) * 1000,
    flows: [main],
    generators: [generator],
    signals: [
      {
        machine: 'local',
        gauges: Object.fromEntries(
          Object.entries(gauges).map(([name, of]) => {
            const value = typeof of === 'number' ? of : of(second)
            return [name, { mean: value, max: value, observedMs: 1000 }]
          }),
        ),
        counters,
      },
    ],
    missing: 0,
  }))
  const result: PhaseResult = {
    phase,
    startedAt: new Date(0),
    elapsedMs: seconds * 1000,
    flows: sumFlowLists(intervals.map(({ flows }) => flows)),
    generators: sumGenerators(intervals),
    signals: sumSignals(intervals.flatMap(({ signals }) => signals)),
    intervals,
    breaches: [],
  }
  return evidenceOf([result], made)
}

/** Phases as those of a scenario. */
export function evidenceOf(
  phases: readonly PhaseResult[],
  { facts = {}, scenario, origin = 'given', evidence }: Omit<MadeUp, 'load'> = {},
): Evidence {
  return {
    scenario: {
      id: 'test',
      description: 'a test',
      tags: [],
      flows: [
        {
          name: 'main',
          driver: 'test',
          workload: 'work',
          target: { name: 'server', url: 'test://server', origin },
        },
      ],
      phases: phases.map(({ phase }) => phase),
      workers: 1,
      dispatch: 'tick',
      seed: 1,
      intervalMs: 1000,
      ...scenario,
    },
    phases,
    errors: [],
    machines: [{ name: 'local', facts: { machine: { 'memory.bytes': 1e9 }, test: facts } }],
    ...evidence,
  }
}

/** A closed loop of five connections that never waits. */
export const closedLoop: Load = { model: 'closed', connections: 5, thinkMs: 0 }
