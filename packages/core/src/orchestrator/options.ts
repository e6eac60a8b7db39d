import type { Spares } from '../agent/spares.ts'
import type { PluginSources } from '../loading/resolve.ts'
import type { Facts } from '../plugin/facts.ts'
import type { Ceiling, Target } from '../plugin/model.ts'
import type { Terminal, TerminalStream } from '../plugin/reporter.ts'

/** What `runBenchmark` needs from the program around it. */
export interface RunOptions extends Omit<PluginSources, 'from'> {
  readonly terminal: Terminal
  /** The version of cloudbench, for the result. */
  readonly version: string
  /** What has been discovered on this machine before, such as to derive settings; not discovered again. */
  readonly facts?: Readonly<Record<string, Facts>> | undefined
  /** Processes that were started ahead. The program closes them, whatever becomes of the run. */
  readonly spares?: Spares | undefined
  /** First Ctrl-C: stop pacing, drain for a second, and report what ran. */
  readonly interrupt?: AbortSignal
  /** Second Ctrl-C: kill the workers, close the plugins. */
  readonly kill?: AbortSignal
  /**
   * Called before the run with what people read, if a reporter writes for them; if none does, the program may. And whether a
   * program reads standard output, which must then arrive as a whole.
   */
  readonly onScreen?: (screen: TerminalStream | undefined, isRead: boolean) => void
  /** Called with a function that lists what has not answered, for when the event loop runs dry in an unfinished run. */
  readonly onPending?: (pending: () => readonly string[]) => void
  /** Finds or starts a service for a target that has no `url`; `undefined`: use the driver's loopback. */
  readonly provision?: (
    target: { readonly name: string; readonly driver: string },
    /** Tells those who wait what it does, such as `starting redis`. */
    say: (doing: string) => void,
  ) => Promise<Provided | undefined>
  /** Looks up the highest rate of a flow. Absent: nothing was calibrated. */
  readonly ceilingOf?: CeilingOf | undefined
}

/** What `cloudbench calibrate` found for this setup: for the digest of all that decides it. */
export type CeilingOf = (setup: string) => Ceiling | undefined

export interface Provided {
  readonly url: string
  readonly origin: Exclude<Target['origin'], 'given' | 'loopback'>
  close(): Promise<void>
}
