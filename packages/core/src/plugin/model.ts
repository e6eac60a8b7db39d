import type { Json } from './common.ts'
import type { AuditResult } from './driver.ts'
import type { Launch } from './environment.ts'
import type { Facts } from './facts.ts'
import type {
  derivedCounts,
  Each,
  flowCounts,
  gaugeReadings,
  generatorDistributions,
  generatorReadings,
  Numbers,
  operationCounts,
  operationDistributions,
} from './record.ts'
import type { Validity, Verdict } from './verdict.ts'

/** Why a run or a scenario ended. Exit codes 0, 1, 3, 130 and 2. */
export type EndReason = 'passed' | 'failed' | 'invalid' | 'interrupted' | 'errored'

/** One or more scenarios, one after another. */
export interface Run {
  readonly id: string
  readonly name: string
  readonly startedAt: Date
  readonly scenarios: readonly Scenario[]
  readonly machines: readonly Machine[]
  /** SHA-256 of the resolved configuration, secrets left out. */
  readonly configDigest: string
  /** What was configured for these scenarios, and where, secrets redacted. Absent in files of older versions. */
  readonly configuration?: readonly Setting[]
  readonly plugins: readonly PluginInfo[]
  /** The version of cloudbench that measured. */
  readonly version: string
  /** The ids of the runs that `cloudbench report` put together; absent for what ran as one. */
  readonly merged?: readonly string[]
}

/** A value of the configuration, as `cloudbench config` shows it. */
export interface Setting {
  /** As `--set` takes it. */
  readonly path: string
  readonly value: Json
  /** Such as `config/baseline/ci.yaml:7:3`, `CLOUDBENCH_TARGETS__REDIS__URL` or `--set`. */
  readonly origin: string
}

export interface PluginInfo {
  readonly kind: 'driver' | 'environment' | 'reporter'
  readonly name: string
  /** From the nearest `package.json`; absent for inline plugins. */
  readonly version?: string
}

export interface Machine {
  readonly name: string
  readonly facts: Readonly<Record<string, Facts>>
}

/** A place in a file of the configuration. */
export interface Source {
  /** Relative to the folder that cloudbench was started in where it lies below it, with `/`. */
  readonly file: string
  /** Absent for code: what a program computed has no line. */
  readonly line?: number
}

/** One or more flows that run at the same time on one clock. */
export interface Scenario {
  readonly id: string
  /** Where it was written. Absent for what is built in. */
  readonly source?: Source
  readonly description: string
  /** Labels from the configuration, each once. */
  readonly tags: readonly string[]
  /** The scenario that this is a part of: it runs once for each of several clients, which are compared. */
  readonly comparison?: string
  readonly flows: readonly Flow[]
  readonly phases: readonly Phase[]
  /** What the configuration checks. Absent in results of older versions. */
  readonly checks?: readonly PlannedCheck[]
  readonly workers: number
  /** Why there are so many, where a calibration decided: `workers: auto`. */
  readonly workersReason?: string
  readonly dispatch: Dispatch
  readonly seed: number
  readonly intervalMs: number
  /** Absent where requests have no trace ids. */
  readonly trace?: Tracing
}

/** W3C Trace Context of every request. */
export interface Tracing {
  /** The share of requests that are sampled: 0 to 1. */
  readonly ratio: number
  /** Whether the target is told. */
  readonly propagate: boolean
}

/** A check as it is known before there is anything to check. */
export interface PlannedCheck {
  /** As written, such as `get/response.p99`. */
  readonly name: string
  /** Such as `< 25ms`. */
  readonly expected: string
  /** What the value is compared with, in `unit`. */
  readonly limits: readonly number[]
  readonly unit: MetricUnit
}

/** How a worker waits for the next arrival: a thread that wakes it, a busy loop, or the event loop's own timers. */
export type Dispatch = 'tick' | 'hybrid' | 'spin' | 'timer'

/** One workload at one load on one target. */
export interface Flow {
  readonly name: string
  readonly driver: string
  readonly workload: string
  /** What speaks to the target, of drivers with several ways to: numbers of different clients measure different things. */
  readonly client?: FlowClient
  readonly target: Target
  /** The most that this machine sends on time. Absent where it was not calibrated for this flow: `cloudbench calibrate`. */
  readonly ceiling?: Ceiling
}

/** The highest rate that a generator reaches on the driver's own loopback, alone, with its lag within bounds. */
export interface Ceiling {
  readonly perSecond: number
  /** ISO 8601. */
  readonly measuredAt: string
}

export interface FlowClient {
  /** As in the option `client`. */
  readonly name: string
  /** Of the package; absent for frames that the driver lays out itself. */
  readonly version?: string
}

export interface Target {
  readonly name: string
  /** With secrets redacted. */
  readonly url: string
  /** `given` by the user, a service `found` or `started` on this machine, or the driver's own `loopback`. */
  readonly origin: 'given' | 'found' | 'started' | 'loopback'
  /** As the configuration says, such as `eu-central-1a`. */
  readonly zone?: string
}

export interface Phase {
  readonly name: string
  readonly kind: 'warmup' | 'measure'
  readonly scenario: string
  readonly durationMs: number
  /** By flow name. */
  readonly loads: Readonly<Record<string, Load>>
}

export type Load = ClosedLoad | OpenLoad

/** Every connection sends its next request when the last one was answered. */
export interface ClosedLoad {
  readonly model: 'closed'
  readonly connections: number
  readonly thinkMs: number
}

/** Requests come due by a schedule, whether or not earlier ones were answered. */
export interface OpenLoad {
  readonly model: 'open'
  readonly connections: number
  readonly arrivals: 'constant' | 'poisson'
  readonly stages: readonly Stage[]
}

/** The rate moves in a straight line from `fromPerSecond` to `toPerSecond`. */
export interface Stage {
  readonly durationMs: number
  readonly fromPerSecond: number
  readonly toPerSecond: number
}

/** A distribution of durations, in nanoseconds, three significant digits. Anything that answers these questions is one. */
export interface HistogramView {
  readonly count: number
  readonly min: number
  readonly max: number
  readonly mean: number
  /** Exact sum of all recorded values. */
  readonly sum: number
  /** Values beyond the range of the histogram. They count in `count`, `max` and `sum`, and as infinite in `percentile`. */
  readonly overflow: number
  /** The value at rank ⌈p/100 · count⌉, as the highest value of its bucket, at most `max`; NaN when empty, `max` in the overflow. */
  percentile(p: number): number
  /**
   * How many values are at most `valueNs`, with all that share its bucket: cumulative counts as Prometheus and
   * OpenTelemetry have them. Values beyond the range count from `max` on.
   */
  countAtMost(valueNs: number): number
  /** The buckets with values in them, ascending. Values beyond the range are in none. */
  buckets(): Iterable<HistogramBucket>
  /** HdrHistogram V2, compressed, base64: what every other HDR tool reads. */
  encode(): string
}

/** Values that a histogram cannot tell apart, from `lowestNs` to `highestNs`, both included. */
export interface HistogramBucket {
  readonly lowestNs: number
  readonly highestNs: number
  readonly count: number
}

/** How often each outcome occurred, by its name. */
export interface OutcomeCount {
  readonly count: number
  readonly ok: boolean
  /** What the server said the first time. Of outcomes that are not ok, where the driver tells. */
  readonly example?: string | undefined
  /** These requests got no answer: their connection died. */
  readonly lost?: boolean | undefined
}

export type OutcomeCounts = Readonly<Record<string, OutcomeCount>>

/**
 * What was measured of one operation, or of a sum of operations, over some stretch of time. Adds up.
 * `plugin/record.ts` declares its counts and distributions, and says what each means.
 */
export interface Metrics
  extends
    Numbers<typeof operationCounts>,
    Numbers<typeof derivedCounts>,
    Each<typeof operationDistributions, HistogramView> {
  readonly outcomes: OutcomeCounts
}

/** What was measured of one flow. */
export interface FlowMetrics extends Numbers<typeof flowCounts> {
  readonly flow: string
  /** By operation. Requests that were never answered have no known operation and count under the workload's name. */
  readonly operations: Readonly<Record<string, Metrics>>
  /** The sum of `operations`. */
  readonly total: Metrics
  /** Of the driver, and, differences taken, of the server. */
  readonly counters: Readonly<Record<string, number>>
  readonly recorders: Readonly<Record<string, HistogramView>>
}

/** What a worker measures of itself over some stretch of time: its own effect on the numbers it reports. */
export interface GeneratorSample
  extends Each<typeof generatorReadings, number>, Each<typeof generatorDistributions, HistogramView> {
  readonly worker: number
}

/** What environments sampled on a machine over some stretch of time, by the names of the signals. */
export interface MachineSignals {
  readonly machine: string
  readonly gauges: Readonly<Record<string, Gauge>>
  /** What each counter grew by. */
  readonly counters: Readonly<Record<string, number>>
}

export type Gauge = Each<typeof gaugeReadings, number>

/** A stretch of a phase, merged over all workers. Times in milliseconds since the phase began. */
export interface Interval {
  readonly phase: Phase
  readonly startMs: number
  readonly endMs: number
  /** While the run goes on. Intervals that were stored have none, but their phase has `startedAt`. */
  readonly phaseStartedAt?: Date
  readonly flows: readonly FlowMetrics[]
  readonly generators: readonly GeneratorSample[]
  /** One entry per machine; none where nothing was sampled. A sample that comes late joins the next interval. */
  readonly signals: readonly MachineSignals[]
  /** Workers that had not answered when the interval was closed. Their numbers join the next one. */
  readonly missing: number
  /** Requests to look at one by one: some that were sampled, and the slowest of each flow. Only with `Scenario.trace`. */
  readonly requests?: readonly TracedRequest[]
  /** Sampled requests that are not among `requests`, which are bounded. */
  readonly requestsDropped?: number
}

/** One request, with the ids under which the target knows it. */
export interface TracedRequest {
  readonly flow: string
  readonly operation: string
  /** Such as `hit`; `timedOut` or `unanswered` where there was no answer in time. */
  readonly outcome: string
  readonly ok: boolean
  readonly index: number
  /** Milliseconds since the phase began, fractions of them. `dueMs` only in an open loop. */
  readonly dueMs?: number
  readonly sentMs: number
  readonly doneMs: number
  readonly connection: number
  /** Lower-case hex, 32 and 16 digits, as sent to the target. */
  readonly traceId: string
  readonly spanId: string
  /** The flag that the target saw. False for one that is here only since it was the slowest. */
  readonly sampled: boolean
}

/** A whole phase. */
export interface PhaseResult {
  readonly phase: Phase
  readonly startedAt: Date
  /** From the start of the phase to the end of its schedule: what every rate, mean and share is over. Answers still come later. */
  readonly elapsedMs: number
  readonly flows: readonly FlowMetrics[]
  readonly generators: readonly GeneratorSample[]
  readonly signals: readonly MachineSignals[]
  /** Bounded: neighbours are merged when a phase is long. */
  readonly intervals: readonly Interval[]
  /** Broken accounting laws. Any of them makes the run invalid. */
  readonly breaches: readonly string[]
}

export interface CheckResult {
  /** As written, such as `get/response.p99`. */
  readonly name: string
  readonly scenario: string
  /** `invalid`: the number that it stands on cannot be believed, so it neither passed nor failed. */
  readonly status: 'passed' | 'failed' | 'invalid' | 'skipped'
  /** Such as `< 25ms`. */
  readonly expected: string
  /** Such as `31.2 ms`, or why there is no value. */
  readonly actual: string
  /** The value as a number, in `unit`. Absent where there was none, or none that is finite. */
  readonly value?: number
  /** The limit that it was compared with: of the first condition that it broke, else of the first one. In `unit`. */
  readonly limit?: number
  readonly unit?: MetricUnit
  /** Of the number, where the verdict knows it and it is not `valid`. */
  readonly validity?: Exclude<Validity, 'valid'>
  /** Where it was written. Absent for what is built in, a variable or a flag. */
  readonly source?: Source
  /** The hook that added it; absent for what the configuration checks. */
  readonly addedBy?: {
    readonly plugin: string
    readonly hook: 'scenario:evaluate' | 'run:evaluate'
  }
}

/** The unit of a metric's value. A share is a fraction of 1. */
export type MetricUnit = 'ns' | 'share' | 'perSecond' | 'count' | 'bytesPerSecond'

/** What a run is busy with while nothing is loaded: people who wait see what for. Never kept. */
export interface Step {
  /** Such as `starting redis`. */
  readonly doing: string
  /** How far it is, as a driver tells by `log.debug`: `120k of 1M keys`. */
  readonly detail?: string
  /** Absent for what all scenarios wait for. */
  readonly scenario?: string
}

/** Something that went wrong outside the target: a plugin, a worker, the accounting. */
export interface RunError {
  /** A plugin's name, or `worker 2`, `accounting`, `target`. */
  readonly source: string
  /** A hook, or what was happening. */
  readonly during: string
  readonly message: string
  readonly scenario?: string
}

export interface WorkerInfo {
  readonly index: number
  readonly pid: number
  readonly launch: Readonly<Launch>
  /** Which plugin added what to the command line. */
  readonly attribution: readonly string[]
  /** What `verify` proved inside the worker, by plugin. */
  readonly facts: Readonly<Record<string, Facts>>
}

/** What a worker logged of its requests. */
export interface LogResult {
  readonly worker: number
  /** Below the output folder. */
  readonly file: string
  /** The share of requests that was to be logged. */
  readonly sample: number
  /** Requests in the file, and those that should be and are not. Absent, as `bytes`, where the worker was lost. */
  readonly records?: number
  readonly dropped?: number
  readonly bytes?: number
  /** What was wrong with the file, as far as it was. */
  readonly error?: string
}

export interface ScenarioResult {
  readonly scenario: Scenario
  readonly reason: EndReason
  readonly exitCode: number
  /** Whether what was measured can be believed. Absent where nothing was, and in results of older versions. */
  readonly verdict?: Verdict
  /** Why the load was ended early, where an abort did: `after 12 s: errors.rate 34 % > 20 % for 10 s`. */
  readonly aborted?: string
  /** Those that it reached. */
  readonly phases: readonly PhaseResult[]
  /** Of the configuration, and what `scenario:evaluate` hooks added. */
  readonly checks: readonly CheckResult[]
  readonly audits: readonly (AuditResult & { readonly flow: string })[]
  /** What `prepare` returned about the target, by flow: how many rows there are, whether they were there before. */
  readonly prepared?: Readonly<Record<string, Facts>>
  readonly errors: readonly RunError[]
  readonly workers: readonly WorkerInfo[]
  /** Only with `log`. */
  readonly logs?: readonly LogResult[]
}

export interface RunResult {
  readonly run: Run
  readonly endedAt: Date
  readonly reason: EndReason
  readonly exitCode: number
  readonly scenarios: readonly ScenarioResult[]
  /** Of every scenario, and what `run:evaluate` hooks added. */
  readonly checks: readonly CheckResult[]
  readonly errors: readonly RunError[]
}
