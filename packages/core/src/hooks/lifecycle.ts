import type { Awaitable } from '../plugin/common.ts'
import type { Advice, DerivedSetting, Launch, Watcher } from '../plugin/environment.ts'
import type { Facts } from '../plugin/facts.ts'
import type {
  CheckResult,
  Interval,
  Phase,
  PhaseResult,
  Run,
  RunResult,
  Scenario,
  ScenarioResult,
  Step,
} from '../plugin/model.ts'

/** Every hook, in the order of a run. */
export interface Hooks {
  config(config: Record<string, unknown>): Awaitable<void>
  'config:resolved'(config: Readonly<Record<string, unknown>>): Awaitable<void>
  'machine:discover'(): Awaitable<Facts>
  /** What the machine implies for the configuration. */
  'machine:derive'(): Awaitable<readonly DerivedSetting[]>
  /** What to change about the machine. Not part of a run. */
  'machine:advise'(): Awaitable<readonly Advice[]>
  'machine:apply'(): Awaitable<void>
  'machine:watch'(): Awaitable<Watcher>
  'worker:launch'(launch: Launch): Awaitable<void>
  'worker:verify'(launch: Readonly<Launch>): Awaitable<Facts>
  step(step: Step): Awaitable<void>
  'run:start'(run: Run): Awaitable<void>
  'scenario:start'(scenario: Scenario): Awaitable<void>
  'phase:start'(phase: Phase): Awaitable<void>
  interval(interval: Interval): Awaitable<void>
  'phase:end'(result: PhaseResult): Awaitable<void>
  /** After its load and audits; `checks` contains those of the configuration: append to it. */
  'scenario:evaluate'(
    result: Omit<ScenarioResult, 'reason' | 'exitCode'>,
    checks: CheckResult[],
  ): Awaitable<void>
  'scenario:end'(result: ScenarioResult): Awaitable<void>
  /** After the last scenario; `checks` contains those of all scenarios: append to it. */
  'run:evaluate'(result: Omit<RunResult, 'reason' | 'exitCode'>, checks: CheckResult[]): Awaitable<void>
  'run:end'(result: RunResult): Awaitable<void>
  close(): Awaitable<void>
}

export type HookName = keyof Hooks

/** One hook of one plugin. `order` moves it before or after the rest; otherwise config order holds. */
export type Listener<Name extends HookName> =
  | Hooks[Name]
  | { readonly order?: 'pre' | 'post'; readonly handler: Hooks[Name] }

/** What the host dispatches to. Reporters and environments are adapted onto it. */
export interface Plugin {
  readonly name: string
  readonly hooks: { readonly [Name in HookName]?: Listener<Name> }
}

export interface HookPolicy {
  /** The process it runs in. */
  readonly in: 'orchestrator' | 'agent' | 'worker' | 'everywhere'
  /**
   * `series`: one plugin after another. `parallel`: all at once, awaited. `mailbox`: queued per plugin, never
   * awaited by the run. `reverse`: series, last first.
   */
  readonly call: 'series' | 'parallel' | 'mailbox' | 'reverse'
  /** `abort` ends the run as errored; `record` notes it in `result.errors`; `omit` leaves the answer out. */
  readonly onError: 'abort' | 'record' | 'omit'
  readonly limitMs: number
}

/** The one place that says how each hook behaves. The compiler keeps it complete. */
export const lifecycle: Readonly<Record<HookName, HookPolicy>> = {
  config: { in: 'orchestrator', call: 'series', onError: 'abort', limitMs: 10_000 },
  'config:resolved': { in: 'orchestrator', call: 'parallel', onError: 'abort', limitMs: 10_000 },
  'machine:discover': { in: 'agent', call: 'parallel', onError: 'omit', limitMs: 2_000 },
  'machine:derive': { in: 'agent', call: 'series', onError: 'abort', limitMs: 2_000 },
  'machine:advise': { in: 'agent', call: 'parallel', onError: 'omit', limitMs: 2_000 },
  'machine:apply': { in: 'agent', call: 'series', onError: 'abort', limitMs: 10_000 },
  'machine:watch': { in: 'agent', call: 'parallel', onError: 'omit', limitMs: 2_000 },
  'worker:launch': { in: 'agent', call: 'series', onError: 'abort', limitMs: 10_000 },
  'worker:verify': { in: 'worker', call: 'series', onError: 'abort', limitMs: 10_000 },
  step: { in: 'orchestrator', call: 'mailbox', onError: 'record', limitMs: 10_000 },
  'run:start': { in: 'orchestrator', call: 'parallel', onError: 'abort', limitMs: 30_000 },
  'scenario:start': { in: 'orchestrator', call: 'mailbox', onError: 'record', limitMs: 10_000 },
  'phase:start': { in: 'orchestrator', call: 'mailbox', onError: 'record', limitMs: 10_000 },
  interval: { in: 'orchestrator', call: 'mailbox', onError: 'record', limitMs: 10_000 },
  'phase:end': { in: 'orchestrator', call: 'mailbox', onError: 'record', limitMs: 10_000 },
  'scenario:evaluate': { in: 'orchestrator', call: 'series', onError: 'abort', limitMs: 10_000 },
  'scenario:end': { in: 'orchestrator', call: 'mailbox', onError: 'record', limitMs: 10_000 },
  'run:evaluate': { in: 'orchestrator', call: 'series', onError: 'abort', limitMs: 10_000 },
  'run:end': { in: 'orchestrator', call: 'parallel', onError: 'record', limitMs: 30_000 },
  close: { in: 'everywhere', call: 'reverse', onError: 'record', limitMs: 5_000 },
}
