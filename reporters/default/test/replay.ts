import type {
  FlowMetrics,
  GeneratorSample,
  HistogramView,
  Load,
  Metrics,
  Phase,
  PhaseResult,
  Reporter,
  RunResult,
  Scenario,
  ScenarioResult,
  Target,
  TerminalStream,
  Verdict,
} from '@cloudbench/core'
import { Histogram, sumFlow, sumMetrics } from '@cloudbench/core'
import reporter from '../src/index.ts'

export interface Screenplay {
  readonly id?: string
  readonly tags?: readonly string[]
  readonly reason?: RunResult['reason']
  readonly isClosed?: boolean
  readonly flows?: readonly string[]
  readonly origin?: Target['origin']
  readonly isEmpty?: boolean
  readonly failed?: number
  readonly unsent?: number
  readonly errors?: ScenarioResult['errors']
  readonly columns?: number
  readonly color?: boolean
  readonly isTTY?: boolean
  readonly live?: boolean
  readonly checks?: ScenarioResult['checks']
  readonly audits?: ScenarioResult['audits']
  /** One operation of that name, in place of two. */
  readonly operation?: string
  /** A failure of that many requests, and what the server said. */
  readonly outcomes?: Metrics['outcomes']
  readonly generator?: Partial<GeneratorSample>
  readonly dispatch?: Scenario['dispatch']
  readonly bytes?: FlowMetrics['bytes']
  /** Of the phase. */
  readonly durationMs?: number
  readonly intervalMs?: number
  /** Whether the intervals add up to the phase. Otherwise each is like the whole. */
  readonly isShared?: boolean
  readonly workersReason?: string
  readonly unicode?: boolean
  readonly verdict?: Verdict
}

/** Makes the reporter, which writes to a stream and nowhere else. */
export async function createOn(stream: TerminalStream, live = true): Promise<Reporter> {
  const elsewhere = {
    ...stream,
    write: (text: string) => {
      throw new Error(`written beside the screen: ${text}`)
    },
  }
  return await reporter.create({
    options: { live },
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    output: { folder: '/nowhere', write: async (file) => file, append: async (file) => file },
    terminal: { stdout: elsewhere, stderr: elsewhere, screen: stream },
    redact: (text) => text,
  })
}

/** Replays a whole run to the reporter, and returns what it wrote. */
export async function play(screenplay: Screenplay = {}): Promise<string> {
  const { columns = 80, color = false, isTTY = false, live = true } = screenplay
  let written = ''
  const { unicode = true } = screenplay
  const stream: TerminalStream = {
    isTTY,
    columns,
    color,
    unicode,
    write: (text) => void (written += text),
  }
  const instance = await createOn(stream, live)
  const result = runOf(screenplay)
  await instance.onRunStart?.(result.run)
  for (const scenario of result.scenarios) {
    await instance.onScenarioStart?.(scenario.scenario)
    for (const phase of scenario.phases) {
      await instance.onPhaseStart?.(phase.phase)
      for (const interval of phase.intervals) await instance.onInterval?.(interval)
      await instance.onPhaseEnd?.(phase)
    }
    await instance.onScenarioEnd?.(scenario)
  }
  await instance.onRunEnd?.(result)
  await instance.close?.()
  const before = written
  // anything that comes late must not show
  if (result.scenarios[0]) await instance.onScenarioEnd?.(result.scenarios[0])
  if (written !== before) throw new Error('something was written after the end')
  return written
}

export function runOf(screenplay: Screenplay): RunResult {
  const { id = 'reads', reason = 'passed', isClosed = false, flows = ['main'], isEmpty = false } = screenplay
  const { durationMs = 20_000, intervalMs = 10_000 } = screenplay
  const load: Load = isClosed
    ? { model: 'closed', connections: 4, thinkMs: 0 }
    : {
        model: 'open',
        connections: 4,
        arrivals: 'constant',
        stages: [{ durationMs, fromPerSecond: 50, toPerSecond: 50 }],
      }
  const phase: Phase = {
    name: 'measure',
    kind: 'measure',
    scenario: id,
    durationMs,
    loads: Object.fromEntries(flows.map((flow) => [flow, load])),
  }
  const measured = flows.map((flow) => flowOf(flow, screenplay))
  const generators = [
    {
      worker: 0,
      cpuMs: 900,
      busy: 0.0512,
      gcCount: 3,
      gcMs: 4.5,
      gcMinorMs: 4.5,
      gcMajorMs: 0,
      gcIncrementalMs: 0,
      gcWeakMs: 0,
      gcMaxMs: 2,
      allocatedBytes: 2.4e6,
      lag: Histogram.empty,
      hiccup: Histogram.empty,
      rssBytes: 81e6,
      ...screenplay.generator,
    },
  ]
  const results: PhaseResult[] = isEmpty
    ? []
    : [
        {
          phase,
          startedAt: new Date(0),
          elapsedMs: durationMs,
          flows: measured,
          generators,
          signals: [],
          breaches: [],
          intervals: Array.from({ length: durationMs / intervalMs }, (_, at) => ({
            phase,
            startMs: at * intervalMs,
            endMs: (at + 1) * intervalMs,
            flows: screenplay.isShared
              ? flows.map((flow) => flowOf(flow, screenplay, intervalMs / durationMs))
              : measured,
            generators,
            signals: [],
            missing: 0,
          })),
        },
      ]
  const exitCode = { passed: 0, failed: 1, invalid: 3, errored: 2, interrupted: 130 }[reason]
  const scenario: ScenarioResult = {
    scenario: {
      id,
      description: '',
      tags: screenplay.tags ?? [],
      workers: 1,
      dispatch: screenplay.dispatch ?? 'tick',
      ...(screenplay.workersReason !== undefined && { workersReason: screenplay.workersReason }),
      seed: 1,
      intervalMs: 1_000,
      phases: [phase],
      flows: flows.map((name) => ({
        name,
        driver: 'redis',
        workload: 'read-heavy',
        target: { name: 'redis', url: 'redis://127.0.0.1:6379', origin: screenplay.origin ?? 'given' },
      })),
    },
    reason,
    exitCode,
    ...(screenplay.verdict && { verdict: screenplay.verdict }),
    phases: results,
    checks: screenplay.checks ?? [],
    audits: screenplay.audits ?? [],
    errors: screenplay.errors ?? [],
    workers: [],
  }
  return {
    run: {
      id: 'run',
      name: 'cloudbench',
      startedAt: new Date(0),
      scenarios: [scenario.scenario],
      machines: [],
      configDigest: 'd',
      plugins: [],
      version: '0.0.0',
    },
    endedAt: new Date(22_000),
    reason,
    exitCode,
    scenarios: [scenario],
    checks: scenario.checks,
    errors: [],
  }
}

function flowOf(flow: string, screenplay: Screenplay, share = 1): FlowMetrics {
  const { isClosed = false, failed = 0, unsent = 0, operation: single, outcomes, bytes } = screenplay
  const operation = (ok: number, ns: number): Metrics => ({
    ...sumMetrics([]),
    scheduled: ok + failed + unsent,
    sent: ok + failed,
    ok,
    failed,
    unsent,
    censored: unsent,
    outcomes: {
      hit: { count: ok, ok: true },
      ...(failed > 0 && { OOM: { count: failed, ok: false } }),
      ...outcomes,
    },
    response: isClosed ? Histogram.empty : times(ok, ns),
    service: times(ok, ns / 2),
    lag: isClosed ? Histogram.empty : times(ok, 50_000),
  })
  const operations: FlowMetrics['operations'] =
    single === undefined
      ? { get: operation(900 * share, 400_000), set: operation(100 * share, 900_000) }
      : { [single]: operation(1_000 * share, 400_000) }
  const nothing = sumFlow(flow, [])
  return {
    ...nothing,
    operations,
    total: sumMetrics(Object.values(operations)),
    connections: { ...nothing.connections, opened: 4, openMs: 80_000 },
    bytes: bytes ?? { sent: 10_000, received: 90_000 },
    inFlightMs: 400,
  }
}

function times(count: number, ns: number): HistogramView {
  return Histogram.of(Array.from({ length: count }, (_, at) => ns + at * 1_000))
}
