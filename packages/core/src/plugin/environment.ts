import type { Awaitable, Facts, Logger } from './common.ts'
import type { Schema } from './schema.ts'

/** Knows one thing about machines: how to see it, how to set it, how to prove that it was set. */
export interface Environment<Options = any> {
  readonly name: string
  readonly options?: Schema<any, Options>
  /** Look, do not touch. What cannot be found out is left out. */
  discover?(context: EnvironmentContext<Options>): Awaitable<Facts>
  /** Change the machine. Return the way back. */
  apply?(context: EnvironmentContext<Options>): Awaitable<void | (() => Awaitable<void>)>
  /** Shape the worker process that is about to be spawned. Only append. */
  launch?(launch: Launch, context: EnvironmentContext<Options>): Awaitable<void>
  /** Inside the worker, before any load: throw unless the change took hold. */
  verify?(launch: Readonly<Launch>, context: EnvironmentContext<Options>): Awaitable<Facts>
}

export interface EnvironmentContext<Options = any> {
  readonly options: Options
  readonly log: Logger
  readonly signal: AbortSignal
  /** Everything discovered on this machine so far, by plugin name. */
  readonly facts: Readonly<Record<string, Facts>>
}

/** The command line of one worker, in draft. */
export interface Launch {
  readonly worker: { readonly index: number; readonly total: number }
  /** Programs to run the worker under, outermost first. They must `exec` and keep environment and open files. */
  readonly wrap: string[]
  /** Flags for node itself, such as `--max-old-space-size=512`. */
  readonly execArgv: string[]
  readonly env: Record<string, string>
}
