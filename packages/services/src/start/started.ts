import type { ProcessIdentity } from '../machine/process.ts'
import type { StartPlan } from './start-plan.ts'

/** Starts what a plan describes; returns before the service answers. */
export type Launch = (plan: StartPlan, env: NodeJS.ProcessEnv) => Promise<Started>

/** A service that is starting or has started. */
export interface Started {
  /** Of the service's own process; absent when it runs in a container. */
  readonly identity: ProcessIdentity | undefined
  /** The start step worked. */
  readonly ready: Promise<void>
  /** Resolves with the reason when it failed or ended by itself. */
  readonly ended: Promise<string>
  /** Ends it, makes sure that it is gone, and removes its folder. Idempotent. */
  stop(): Promise<void>
  /** Lets this process end while the service runs. */
  release(): void
}
