import type { Awaitable, Logger } from './common.ts'
import type { Interval, Phase, PhaseResult, Run, RunResult, Scenario, ScenarioResult, Step } from './model.ts'
import type { Schema } from './schema.ts'

/** Turns what happens in a run into something to read. Loaded in the orchestrator. */
export interface ReporterPlugin<Options = any> {
  readonly name: string
  /** What it writes to beside its files, which may depend on its options. Absent: nothing. */
  readonly terminal?: TerminalClaim | ((options: Options) => TerminalClaim | undefined)
  /** One that is called `file` is known as the file that it writes: that of two reporters is refused before the run. */
  readonly options?: Schema<any, Options>
  create(context: ReporterContext<Options>): Awaitable<Reporter>
}

/**
 * - `stdout`: standard output, which nothing else is written to, since a program reads it. One reporter can have it.
 * - `screen`: text for people, to `terminal.screen`: standard output, or standard error where another reporter claims
 *   `stdout`. One reporter can have it.
 * - `stderr`: standard error, beside the log.
 */
export type TerminalClaim = 'stdout' | 'stderr' | 'screen'

/** Every method is optional, called in order, and never holds up the load. */
export interface Reporter {
  /** Between the others, and before the first: services start before there is a run. Never on a replay. */
  onStep?(step: Step): Awaitable<void>
  onRunStart?(run: Run): Awaitable<void>
  onScenarioStart?(scenario: Scenario): Awaitable<void>
  onPhaseStart?(phase: Phase): Awaitable<void>
  /** A slow reporter gets fewer, wider intervals, never a gap. */
  onInterval?(interval: Interval): Awaitable<void>
  onPhaseEnd?(result: PhaseResult): Awaitable<void>
  onScenarioEnd?(result: ScenarioResult): Awaitable<void>
  onRunEnd?(result: RunResult): Awaitable<void>
  /** Last call, whatever happened. Flush and let go. */
  close?(): Awaitable<void>
}

export interface ReporterContext<Options = any> {
  readonly options: Options
  readonly log: Logger
  readonly output: Output
  readonly terminal: ScreenTerminal
  /**
   * Takes secrets out of a text. `output`, `terminal` and `log` do so with every text they are given; a format whose own
   * words could be a password, such as the tags of XML, does it value by value and writes bytes.
   */
  redact(text: string): string
}

/**
 * Where a reporter's files go. Parent folders are made; a file is written whole or not at all. What another reporter has
 * written in this run is refused.
 */
export interface Output {
  /** The folder that relative paths start from, such as `.cloudbench`. */
  readonly folder: string
  write(file: string, content: string | Uint8Array): Promise<string>
  append(file: string, content: string | Uint8Array): Promise<string>
}

/** Both streams of the process. */
export interface Terminal {
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
}

/** The terminal, for the reporters that claim it. */
export interface ScreenTerminal extends Terminal {
  /** The one of the two that people read. */
  readonly screen: TerminalStream
}

export interface TerminalStream {
  /** Whether it can be drawn on: a terminal that can move its cursor, so not one with `TERM=dumb`. */
  readonly isTTY: boolean
  /** Columns; where there is no terminal, what `COLUMNS` says, or 80. */
  readonly columns: number
  /** Lines; absent where there is no terminal. */
  readonly rows?: number | undefined
  /** `false`: it cannot show more than ASCII, such as the console of Linux, or a terminal with `LANG=C`. */
  readonly unicode?: boolean
  /** Whether escape codes for colour are wanted: a terminal, `NO_COLOR` unset, or `FORCE_COLOR`. */
  readonly color: boolean
  write(text: string): void
}
